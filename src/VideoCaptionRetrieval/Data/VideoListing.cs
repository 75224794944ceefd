namespace VideoCaptionRetrieval.Data;

/// <summary>Turns what a user names (a file, a folder, a .jsonl list) into clips, in order, each once.</summary>
internal static class VideoListing
{
    private const string ListExtension = ".jsonl";

    /// <summary>The clips behind several paths.</summary>
    /// <exception cref="FileNotFoundException">A path is neither a file nor a folder, and does not look like a video.</exception>
    /// <exception cref="ArgumentException">A folder holds no video.</exception>
    /// <exception cref="InvalidDataException">A list has a broken line.</exception>
    internal static IReadOnlyList<VideoClip> Read(IEnumerable<string> paths) => Distinct(paths.SelectMany(ReadOne));

    /// <inheritdoc cref="Read(IEnumerable{string})" />
    internal static IReadOnlyList<VideoClip> Read(string path) => Read([path]);

    /// <summary>The videos below a folder.</summary>
    internal static IReadOnlyList<VideoClip> ReadFolder(string folder) =>
        [.. VideoFolder.Find(folder).Select(path => new VideoClip(path, path))];

    /// <summary>The clips of a list.</summary>
    internal static IReadOnlyList<VideoClip> ReadList(string file)
    {
        var clips = Distinct(JsonLines.Read(file, line => line.Clip()));
        return clips.Count > 0
            ? clips
            : throw new InvalidDataException($"'{file}' is empty; expected lines like {{\"video\":\"clips/dog.mp4\"}}.");
    }

    /// <summary>A name as it is compared: './' and repeated '/' do not count.</summary>
    internal static string Normalise(string name)
    {
        if (!name.Contains("//", StringComparison.Ordinal) && !name.Contains("./", StringComparison.Ordinal)) return name;
        var parts = name.Split('/').Where((part, i) => part != "." && (part.Length > 0 || i == 0));
        return string.Join('/', parts);
    }

    private static IReadOnlyList<VideoClip> ReadOne(string path)
    {
        if (Directory.Exists(path)) return ReadFolder(path);
        if (Path.GetExtension(path).Equals(ListExtension, StringComparison.OrdinalIgnoreCase)) return ReadList(path);
        // A missing video counts as one that cannot be read: reading it reports that, and the others go on.
        if (File.Exists(path) || VideoFileExtensions.Match(path)) return [new(path, path)];
        throw new FileNotFoundException($"'{path}' is neither a video file, a folder, nor a {ListExtension} list " +
            $"(working directory '{Directory.GetCurrentDirectory()}').", path);
    }

    private static List<VideoClip> Distinct(IEnumerable<VideoClip> clips) => [.. clips.DistinctBy(clip => Normalise(clip.VideoId))];
}

/// <summary>Finds the video files below a folder.</summary>
internal static class VideoFolder
{
    /// <summary>
    /// Paths of the video files: the folder as given + '/' + the path below it, in ordinal order; no hidden files, nothing below
    /// hidden folders.
    /// </summary>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="ArgumentException">It holds no video file.</exception>
    internal static List<string> Find(string folder)
    {
        if (!Directory.Exists(folder))
            throw new DirectoryNotFoundException(
                $"Folder '{folder}' does not exist (working directory '{Directory.GetCurrentDirectory()}').");
        var files = new List<string>();
        // Without its separators at the end; nothing is left of the root of the file system.
        Collect(new DirectoryInfo(folder), folder.TrimEnd('/', Path.DirectorySeparatorChar), [], files);
        if (files.Count == 0)
        {
            throw new ArgumentException(
                $"Folder '{folder}' holds no video file; its files and folders, except hidden ones, were searched for " +
                $"{VideoFileExtensions.Listing}.", nameof(folder));
        }
        files.Sort(StringComparer.Ordinal);
        return files;
    }

    private static void Collect(DirectoryInfo folder, string prefix, IReadOnlyList<string> ancestors, List<string> files)
    {
        var real = folder.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? folder.FullName;
        if (ancestors.Contains(real)) return;                               // a link to a folder above: a loop
        foreach (var entry in folder.EnumerateFileSystemInfos())
        {
            if (entry.Name.StartsWith('.') || entry.Attributes.HasFlag(FileAttributes.Hidden)) continue;
            var path = $"{prefix}/{entry.Name}";
            if (entry is DirectoryInfo below) Collect(below, path, [.. ancestors, real], files);
            else if (VideoFileExtensions.Match(path)) files.Add(path);
        }
    }
}

/// <summary>The file name endings by which a folder's videos are found.</summary>
internal static class VideoFileExtensions
{
    private static readonly string[] All =
        [".mp4", ".m4v", ".mov", ".mkv", ".webm", ".avi", ".flv", ".wmv", ".mpg", ".mpeg", ".ts", ".3gp", ".ogv", ".gif", ".webp"];

    /// <summary>The endings, for messages.</summary>
    internal static string Listing { get; } = string.Join(' ', All.Select(extension => extension[1..]));

    internal static bool Match(string path) => All.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);
}
