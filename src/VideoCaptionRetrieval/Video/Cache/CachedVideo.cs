using VideoCaptionRetrieval.Models;

namespace VideoCaptionRetrieval.Video.Cache;

/// <summary>What the cache holds of a video, as it was when this was made. Thread-safe.</summary>
internal sealed class CachedVideo
{
    /// <summary>Extension of the files.</summary>
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

    /// <summary>What was added beside the frames.</summary>
    internal IReadOnlyList<byte[]> Notes { get; }

    /// <summary>A frame; null where it is not there, or damaged.</summary>
    internal PreparedFrame? TryGet(string form, long timestamp) =>
        _frames.TryGetValue((form, timestamp), out var place) ? place.File.TryRead(place.Entry) : null;

    /// <summary>Adds frames and a note for those who open the video later. What cannot be written is left out.</summary>
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

/// <summary>A frame in the cache.</summary>
/// <param name="Form">What was made of the decoded picture; see <see cref="FrameForm"/>.</param>
/// <param name="Timestamp">The frame's presentation timestamp in ticks.</param>
/// <param name="Frame">The picture.</param>
internal sealed record CachedFrame(string Form, long Timestamp, PreparedFrame Frame);

/// <summary>The name in the cache of a way to make a frame of a decoded picture.</summary>
internal static class FrameForm
{
    /// <summary>Counts changes of what decoding and preparation give: frames of another version are not found.</summary>
    private const int Version = 1;

    internal static string Of(FrameFormat format) => FormattableString.Invariant($"{Version} {format.Size} {format.Fit} {format.CropRule} {format.Filter}");
}
