namespace VideoCaptionRetrieval.Models.Hub;

/// <summary>
/// Downloads a checkpoint into a folder. All files are fetched and checked as '.part' before the first of them is renamed, weights last: an
/// interrupted run leaves no weights, and vcr-source.json says "complete": false. The same call continues.
/// </summary>
public sealed class ModelDownload(HubClient client, HubOptions options)
{
    private readonly HubApi _api = new(client, options);

    /// <summary>Fetches the chosen files that are missing.</summary>
    /// <param name="snapshot">The remote checkpoint.</param>
    /// <param name="chosen">Files to fetch, weights last.</param>
    /// <param name="folder">The target folder.</param>
    /// <param name="progress">Receives the progress in bytes.</param>
    /// <param name="cancellation">Cancels at once; received bytes are kept.</param>
    /// <exception cref="HubException">A file cannot be fetched, does not fit on the disk, or would overwrite other content.</exception>
    public async Task<IReadOnlyList<FetchedFile>> RunAsync(
        HubSnapshot snapshot, IReadOnlyList<HubFile> chosen, string folder, IProgress<DownloadProgress> progress,
        CancellationToken cancellation)
    {
        var files = await DescribeAsync(snapshot, chosen, cancellation);
        Directory.CreateDirectory(folder);
        var previous = DownloadRecord.Read(folder);
        var tracker = new ProgressTracker(files.Sum(file => file.Size!.Value), progress);
        var present = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in files)
        {
            if (await PresentAsync(file, folder, previous, tracker, cancellation) is not { } sha256) continue;
            present.Add(file.Name, sha256);
            tracker.Finish(file.Size!.Value);
        }
        var missing = files.Where(file => !present.ContainsKey(file.Name)).ToList();
        RequireOwnFiles(folder, missing, previous);
        RequireSpace(folder, missing, previous);
        if (missing.Count > 0) Record(snapshot, files, present, complete: false).Write(folder);
        foreach (var file in missing) present.Add(file.Name, await FetchAsync(snapshot, file, folder, previous, tracker, cancellation));
        foreach (var file in missing) File.Move(Part(folder, file), Target(folder, file), overwrite: true);
        Record(snapshot, files, present, complete: true).Write(folder);
        return [.. files.Select(file => new FetchedFile(file.Name, file.Size!.Value, present[file.Name], missing.Contains(file)))];
    }

    private async Task<List<HubFile>> DescribeAsync(HubSnapshot snapshot, IReadOnlyList<HubFile> chosen, CancellationToken cancellation)
    {
        var files = new List<HubFile>();
        foreach (var file in chosen)
        {
            RemoteFileName.Check(snapshot.Source, file.Name);
            var described = await _api.DescribeAsync(snapshot.Source, file, cancellation);
            if (described.Hash is null) options.Say($"{file.Name}: its server announces no hash; only its length can be checked");
            files.Add(described);
        }
        return files;
    }

    private static string Target(string folder, HubFile file) => Path.Combine([folder, .. file.Name.Split('/')]);

    private static string Part(string folder, HubFile file) => Target(folder, file) + RemoteFileName.PartSuffix;

    /// <summary>Computes the SHA-256 of a file that is complete; null where it must be fetched.</summary>
    private static async Task<string?> PresentAsync(
        HubFile file, string folder, DownloadRecord? previous, ProgressTracker tracker, CancellationToken cancellation)
    {
        var info = new FileInfo(Target(folder, file));
        if (!info.Exists || info.Length != file.Size) return null;
        using var hasher = new ContentHasher(file.Hash?.Kind, info.Length);
        using var stream = new FileStream(info.FullName, FileMode.Open, FileAccess.Read, FileShare.Read, 1, useAsync: true);
        await hasher.AppendAsync(stream, position => tracker.At(file.Name, position, 0), cancellation);
        var fits = file.Hash is not null
            ? hasher.Found == file.Hash
            : previous?.Find(file.Name) is { } known && known.Announced == file.Identity && known.Sha256 == hasher.Sha256;
        return fits ? hasher.Sha256 : null;
    }

    private async Task<string> FetchAsync(
        HubSnapshot snapshot, HubFile file, string folder, DownloadRecord? previous, ProgressTracker tracker,
        CancellationToken cancellation)
    {
        var part = Part(folder, file);
        Directory.CreateDirectory(Path.GetDirectoryName(part)!);
        using var download = new FileDownload(client, options, snapshot, file, part)
        {
            Advanced = (bytes, received) => tracker.At(file.Name, bytes, received),
        };
        var sha256 = await download.RunAsync(MayContinue(file, previous), cancellation);
        tracker.Finish(file.Size!.Value);
        return sha256;
    }

    // A part of another version would be detected only after the whole file was fetched.
    private static bool MayContinue(HubFile file, DownloadRecord? previous) => previous?.Find(file.Name)?.Announced == file.Identity;

    /// <summary>Protects weights that a user trained: other content is replaced only in a folder that this class wrote.</summary>
    private void RequireOwnFiles(string folder, IReadOnlyList<HubFile> missing, DownloadRecord? previous)
    {
        foreach (var file in missing.Where(file => File.Exists(Target(folder, file))))
        {
            if (previous is null)
            {
                throw new HubException($"'{Target(folder, file)}' is there with other content, and its folder was not fetched by this "
                    + "command; choose another place with --out, or move it away.");
            }
            options.Say($"{file.Name}: what is there has other content than the repository's, and is replaced");
        }
    }

    private void RequireSpace(string folder, IReadOnlyList<HubFile> missing, DownloadRecord? previous)
    {
        var needed = missing.Sum(file => file.Size!.Value - Math.Min(file.Size!.Value, HeldBytes(folder, file, previous)));
        if (options.FreeSpace(Path.GetFullPath(folder)) is { } free && free < needed)
            throw new HubException($"'{folder}': {ByteSize.Text(needed)} are to be fetched, and its disk has {ByteSize.Text(free)} free. "
                + "Free some, or choose another place with --out.");
    }

    private static long HeldBytes(string folder, HubFile file, DownloadRecord? previous) =>
        MayContinue(file, previous) && new FileInfo(Part(folder, file)) is { Exists: true } part ? part.Length : 0;

    private DownloadRecord Record(HubSnapshot snapshot, List<HubFile> files, Dictionary<string, string> present, bool complete) => new(
        snapshot.Source, snapshot.Commit is null ? null : $"{client.Endpoint}", snapshot.Revision, snapshot.Commit, complete,
        [.. files.Select(file => new DownloadRecord.Entry(
            file.Name, file.Size!.Value, present.GetValueOrDefault(file.Name), file.Identity))]);
}

/// <summary>A complete file of a checkpoint on the disk.</summary>
/// <param name="Name">Its path below the folder.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Sha256">SHA-256 of its content.</param>
/// <param name="IsNew">Whether this run fetched it; else it was present.</param>
public sealed record FetchedFile(string Name, long Size, string Sha256, bool IsNew);
