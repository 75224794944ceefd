using VideoCaptionRetrieval.Models;

namespace VideoCaptionRetrieval.Video.Cache;

/// <summary>Reads and adds cached frames of a video; shows the cache as it was when this was created. Thread-safe.</summary>
internal sealed class CachedVideo
{
    /// <summary>Extension of files of frames.</summary>
    internal const string Extension = ".frames";

    private readonly FrameCache _cache;
    private readonly string _folder;
    private readonly Dictionary<(string Form, long Timestamp), (FrameFile File, FrameFile.Entry Entry)> _frames = [];

    internal CachedVideo(FrameCache cache, string folder)
    {
        (_cache, _folder) = (cache, folder);
        var notes = new List<byte[]>();
        foreach (var path in Directory.Exists(folder) ? Directory.GetFiles(folder, "*" + Extension) : [])
        {
            if (FrameFile.TryOpen(path) is not { } file)
            {
                FrameCache.TryDelete(path);
                continue;
            }
            notes.Add(file.Note);
            foreach (var entry in file.Entries) _frames.TryAdd((entry.Form, entry.Timestamp), (file, entry));
        }
        Notes = notes;
    }

    /// <summary>The notes that were added beside the frames.</summary>
    internal IReadOnlyList<byte[]> Notes { get; }

    /// <summary>Reads a frame; null where it is missing or damaged.</summary>
    internal PreparedFrame? TryGet(string form, long timestamp) =>
        _frames.TryGetValue((form, timestamp), out var place) ? place.File.TryRead(place.Entry) : null;

    /// <summary>Adds frames and a note, seen when the video is opened again. A failed write is a warning, not an error.</summary>
    internal void Add(ReadOnlySpan<byte> note, IReadOnlyCollection<CachedFrame> frames)
    {
        try
        {
            Directory.CreateDirectory(_folder);
            _cache.Grow(FrameFile.Write(Path.Combine(_folder, Guid.NewGuid().ToString("N") + Extension), note, frames));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _cache.Warn(
                $"Frames cannot be added to the cache '{_cache.Folder}': {e.Message} They are decoded again where they are needed.");
        }
    }
}

/// <summary>A frame of the cache.</summary>
/// <param name="Form">The frame's <see cref="FrameCacheKey"/>: how it was prepared from the decoded picture.</param>
/// <param name="Timestamp">The frame's presentation timestamp in ticks.</param>
/// <param name="Frame">The picture.</param>
internal sealed record CachedFrame(string Form, long Timestamp, PreparedFrame Frame);

/// <summary>Creates the key by which the cache tells apart the frames that are prepared from one decoded picture.</summary>
internal static class FrameCacheKey
{
    /// <summary>Counts changes of decoding and preparation; frames of other versions are not found.</summary>
    private const int Version = 2;

    internal static string Create(FrameFormat format, PixelAspect pixels) =>
        Invariant($"{Version} {format.Size} {format.Fit} {format.CropRule} {format.Filter} {pixels}");
}
