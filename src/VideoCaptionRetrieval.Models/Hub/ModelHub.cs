using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.Models.Hub;

namespace VideoCaptionRetrieval;

/// <summary>
/// Finds checkpoints by name and fetches public ones into the per-user cache, each content checked by the hash that the hub announces. Wherever the
/// library takes a checkpoint it takes such a name too, and finds it here; only <see cref="GetAsync(string, IProgress{DownloadProgress}, CancellationToken)"/>
/// uses the network. Thread-safe; processes that fetch the same checkpoint wait for each other.
/// </summary>
/// <remarks>
/// A name is that of an existing folder or file, else one of <see cref="KnownModels"/>, else a repository of the hub, OWNER/NAME. What begins with '.'
/// or '/' is a path and nothing else.
/// </remarks>
public static class ModelHub
{
    private const string CacheName = "hub", WorkFolder = "models", LockSuffix = ".lock";
    private static readonly TimeSpan _pollLock = TimeSpan.FromSeconds(0.5);

    /// <summary>Returns where a checkpoint lies, and fetches it into the per-user cache first where it is not there.</summary>
    /// <param name="model">A folder, a file, a known name, or OWNER/NAME.</param>
    /// <param name="progress">Takes the bytes that are there.</param>
    /// <param name="cancellationToken">Ends the download; what arrived is kept, and the next call goes on.</param>
    /// <returns>A path that every method of the library takes.</returns>
    /// <exception cref="ModelFileException">It is no name of a model, and no such file exists.</exception>
    /// <exception cref="HubException">It cannot be fetched; the message says why, and what to do.</exception>
    public static Task<string> GetAsync(string model, IProgress<DownloadProgress>? progress = null, CancellationToken cancellationToken = default) =>
        GetAsync(model, new HubOptions(), progress, cancellationToken);

    /// <param name="model">A folder, a file, a known name, or OWNER/NAME.</param>
    /// <param name="options">The hub's address, and whether the network may be used.</param>
    /// <param name="progress">Takes the bytes that are there.</param>
    /// <param name="cancellationToken">Ends the download; what arrived is kept, and the next call goes on.</param>
    /// <inheritdoc cref="GetAsync(string, IProgress{DownloadProgress}, CancellationToken)"/>
    public static async Task<string> GetAsync(
        string model, HubOptions options, IProgress<DownloadProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (Find(model) is { } here) return here;
        if (!ModelName.IsName(model)) throw new ModelFileException(model, ModelName.Missing(model));
        options.RequireNetwork(model);
        using var client = new HubClient(options);
        var fetch = await ModelFetch.FindAsync(client, options, model, null, [], cancellationToken);
        await FetchAsync(client, options, fetch, progress, cancellationToken);
        return Find(model) ?? throw new HubException($"'{model}' was fetched and is gone from '{CacheFolder(fetch.FolderName)}'.");
    }

    /// <summary>Returns where a checkpoint lies: itself where it is a path that exists, else in ./models or the per-user cache. Uses no network.</summary>
    /// <param name="model">A folder, a file, a known name, or OWNER/NAME.</param>
    /// <returns>A path; null where there is none, or not all of it was fetched.</returns>
    public static string? Find(string model)
    {
        ArgumentException.ThrowIfNullOrEmpty(model);
        if (Path.Exists(model)) return model;
        if (!ModelName.IsName(model)) return null;
        var name = ModelName.FolderName(model);
        var fetchedByHand = Path.Combine(WorkFolder, model[(model.LastIndexOf('/') + 1)..]);
        return new[] { Path.Combine(WorkFolder, name), CacheFolder(name) }.FirstOrDefault(IsComplete) is { } folder ? Use(folder)
            : IsComplete(fetchedByHand) && DownloadRecord.Read(fetchedByHand)?.Source == model ? Use(fetchedByHand)
            : null;
    }

    /// <summary>Whether a text may be the name of a checkpoint: one of <see cref="KnownModels"/>, or OWNER/NAME.</summary>
    public static bool IsName(string model) => ModelName.IsName(model);

    /// <summary>Returns where a checkpoint lies. Uses no network.</summary>
    /// <param name="model">A folder, a file, a known name, or OWNER/NAME.</param>
    /// <param name="expected">What it is to be, for the message.</param>
    /// <exception cref="ModelFileException">It is not here; the message says how to fetch it.</exception>
    public static string Locate(string model, string expected) =>
        Find(model) ?? throw new ModelFileException(model, $"{ModelName.Missing(model)}; expected {expected}; {MissingModel.Advice}");

    /// <summary>The folder of the per-user cache that holds a checkpoint once it is fetched.</summary>
    /// <param name="folderName">As in <see cref="ModelFetch.FolderName"/>.</param>
    public static string CacheFolder(string folderName) => Path.Combine(UserCache.Folder, CacheName, folderName);

    /// <summary>Fetches a checkpoint into the per-user cache.</summary>
    /// <param name="client">The hub.</param>
    /// <param name="options">How often it is asked, and who is told.</param>
    /// <param name="fetch">What is fetched.</param>
    /// <param name="progress">Takes the bytes that are there.</param>
    /// <param name="cancellationToken">Ends the download; what arrived is kept.</param>
    /// <exception cref="HubException">It cannot be fetched.</exception>
    public static async Task<IReadOnlyList<FetchedFile>> FetchAsync(
        HubClient client, HubOptions options, ModelFetch fetch, IProgress<DownloadProgress>? progress, CancellationToken cancellationToken)
    {
        UserCache.CreateFolder(CacheName);
        var folder = CacheFolder(fetch.FolderName);
        using var only = await LockAsync(folder + LockSuffix, options, cancellationToken);
        return await new ModelDownload(client, options).RunAsync(fetch.Snapshot, fetch.Files, folder, progress ?? new Progress<DownloadProgress>(), cancellationToken);
    }

    /// <summary>What commands and methods take: the folder, or the one file in it.</summary>
    private static string Use(string folder) => DownloadRecord.Read(folder)?.Files is [var only] ? Path.Combine(folder, only.Name) : folder;

    /// <summary>A folder that this library fetched says when it is complete; others belong to the user.</summary>
    private static bool IsComplete(string folder) => Directory.Exists(folder) && DownloadRecord.Read(folder)?.Complete != false;

    private static async Task<FileStream> LockAsync(string path, HubOptions options, CancellationToken cancellationToken)
    {
        for (var said = false; ; said = true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (File.Exists(path))
            {
                if (!said) options.Say($"another process fetches '{Path.GetFileNameWithoutExtension(path)}'; waiting for it");
                await Task.Delay(_pollLock, cancellationToken);
            }
        }
    }
}
