using VideoCaptionRetrieval.Models.Checkpoints;

namespace VideoCaptionRetrieval.Video.Cache;

/// <summary>
/// Caches prepared frames of videos in a folder, v1/AB/ABCD…/*.frames, by the hash of the video's content. Files are written once and never
/// changed, so that readers need no lock and several processes may share the folder. Thread-safe.
/// </summary>
internal sealed class FrameCache
{
    /// <summary>The folder is measured again after 1/16 of the limit has been added, since other processes add to it too.</summary>
    private const int PartsBetweenWalks = 16;

    /// <summary>Eviction removes the least recently used videos down to this share of the limit.</summary>
    private const double KeptAfterEviction = 0.9;

    private static readonly TimeSpan _useIsRemembered = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan _leftOver = TimeSpan.FromDays(1);

    private readonly long _maximumBytes;
    private readonly Action<string>? _warn;
    private readonly ContentHash _contents;
    private readonly Lock _walk = new();
    private long _untilWalk;
    private int _warned;

    /// <param name="options">Folder and limit.</param>
    /// <param name="warn">Receives a warning, once, when frames cannot be written.</param>
    /// <exception cref="ArgumentException">An option is wrong.</exception>
    /// <exception cref="IOException">The folder cannot be created or written to.</exception>
    internal FrameCache(FrameCacheOptions options, Action<string>? warn = null)
    {
        if (options.Faults().ToArray() is { Length: > 0 } faults)
            throw new ArgumentException(string.Join("; ", faults) + ".", nameof(options));
        (Folder, _maximumBytes, _warn) = (Path.GetFullPath(options.Folder), options.MaximumBytes, warn);
        try
        {
            Directory.CreateDirectory(Videos);
            _contents = new(Path.Combine(Folder, "identities"));
            AtomicFile.Create(Path.Combine(Folder, "v1", "writable"), temporary => File.WriteAllBytes(temporary, []));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException(
                $"The frame cache's folder '{Folder}' cannot be written to: {e.Message} Give another folder, or none.", e);
        }
    }

    /// <summary>The absolute path of the folder.</summary>
    internal string Folder { get; }

    private string Videos => Path.Combine(Folder, "v1");

    /// <summary>Identifies a file by its content.</summary>
    internal string Identify(VideoFile file, CancellationToken cancellationToken) => _contents.OfAllBytes(file, cancellationToken);

    /// <summary>Opens what the cache holds of a video, possibly nothing, and counts it as used.</summary>
    internal CachedVideo Open(string identity)
    {
        var folder = Path.Combine(Videos, identity[..2], identity);
        try
        {
            if (Directory.Exists(folder) && DateTime.UtcNow - Directory.GetLastWriteTimeUtc(folder) > _useIsRemembered)
                Directory.SetLastWriteTimeUtc(folder, DateTime.UtcNow);
            return new(this, folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Another process has removed it.
            return new(this, folder);
        }
    }

    /// <summary>Counts bytes that were added, and evicts videos where the limit is exceeded.</summary>
    internal void Grow(long bytes)
    {
        if (Interlocked.Add(ref _untilWalk, -bytes) > 0) return;
        lock (_walk)
        {
            if (Interlocked.Read(ref _untilWalk) > 0) return;
            var left = _maximumBytes - Evict();
            Interlocked.Exchange(ref _untilWalk, Math.Max(Math.Min(left, _maximumBytes / PartsBetweenWalks), 1));
        }
    }

    internal void Warn(string message)
    {
        if (Interlocked.Exchange(ref _warned, 1) == 0) _warn?.Invoke(message);
    }

    internal static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Another process has it, or has removed it.
        }
    }

    /// <summary>Removes the least recently used videos until the limit is kept.</summary>
    /// <returns>The number of bytes that remain.</returns>
    private long Evict()
    {
        var videos = new DirectoryInfo(Videos).GetDirectories().SelectMany(Directories).Select(Measure)
            .OrderBy(video => video.Used).ToList();
        var total = videos.Sum(video => video.Bytes);
        if (total <= _maximumBytes) return total;
        foreach (var (folder, bytes, _) in videos.TakeWhile(_ => total > _maximumBytes * KeptAfterEviction))
        {
            // Files that are being written have another extension.
            foreach (var file in Files(folder).Where(file => file.Extension == CachedVideo.Extension)) TryDelete(file.FullName);
            total -= bytes;
        }
        return total;
    }

    private static (DirectoryInfo Folder, long Bytes, DateTime Used) Measure(DirectoryInfo folder)
    {
        long bytes = 0;
        foreach (var file in Files(folder))
        {
            if (file.Extension == ".tmp" && DateTime.UtcNow - file.LastWriteTimeUtc > _leftOver) TryDelete(file.FullName);
            else bytes += Length(file);
        }
        return (folder, bytes, folder.LastWriteTimeUtc);
    }

    // A file that another process has removed has no length.
    private static long Length(FileInfo file)
    {
        try
        {
            return file.Length;
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private static DirectoryInfo[] Directories(DirectoryInfo folder) => folder.Exists ? folder.GetDirectories() : [];

    private static FileInfo[] Files(DirectoryInfo folder)
    {
        try
        {
            return folder.GetFiles();
        }
        catch (IOException)
        {
            return [];
        }
    }
}
