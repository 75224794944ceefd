using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Text;

namespace VideoCaptionRetrieval.Video.Decoding.Ffmpeg;

/// <summary>
/// What ffmpeg logs of a decode: each decoded frame of each segment by a filter showinfo, and, where there are several segments, from
/// which of them each picture that leaves comes. Written by the thread that reads the log; pictures are named by another meanwhile.
/// </summary>
internal sealed class DecodeLog
{
    private readonly SegmentLog[] _segments;
    private readonly byte[] _picturePrefix;
    private readonly BlockingCollection<int> _pictures = [];

    /// <param name="segments">The segments, in the order in which their pictures come.</param>
    internal DecodeLog(IReadOnlyList<DecodeSegment> segments)
    {
        // A name that cannot be guessed: a file cannot fake a line of a filter with what ffmpeg prints of its metadata.
        Name = $"{Guid.NewGuid():N}";
        _segments = [.. segments.Select((segment, s) => new SegmentLog(segment, $"showinfo@{Name}x{s}"))];
        _picturePrefix = Encoding.ASCII.GetBytes($"[{PictureFilter} @ ");
    }

    /// <summary>A segment's filter's name is showinfo@NAMExINDEX.</summary>
    internal string Name { get; }

    /// <summary>The filter that says from which segment a picture comes; it prints the key <see cref="SegmentKey"/>.</summary>
    internal string PictureFilter => $"metadata@{Name}";

    internal const string SegmentKey = "segment";

    internal IReadOnlyList<SegmentLog> Segments => _segments;

    /// <summary>Whether ffmpeg said, as an error or less, that what it gives may be wrong.</summary>
    internal bool SpokeOfDamage { get; private set; }

    /// <summary>Whether a decoder got no memory for a frame: then frames are missing, though ffmpeg goes on.</summary>
    internal bool SpokeOfMemory { get; private set; }

    internal void Add(ReadOnlySpan<byte> line)
    {
        foreach (var segment in _segments)
            if (segment.TryAdd(line)) return;
        if (line.StartsWith(_picturePrefix))
        {
            var value = line[(line.LastIndexOf((byte)'=') + 1)..];
            if (line.IndexOf("segment="u8) >= 0 && Utf8Parser.TryParse(value, out int index, out _)) _pictures.Add(index);
            return;
        }
        SpokeOfDamage |= MeansDamage(line);
        SpokeOfMemory |= line.IndexOf("get_buffer() failed"u8) >= 0 || line.IndexOf("Cannot allocate memory"u8) >= 0;
    }

    private static bool MeansDamage(ReadOnlySpan<byte> line)
    {
        // A reference that was to be dropped is not there: it was before the key frame at which decoding began. A graphics card that
        // is not there is no damage either.
        if (line.IndexOf("mmco: unref short failure"u8) >= 0 || line.IndexOf("AVHWDeviceContext"u8) >= 0
            || line.IndexOf("Device creation failed"u8) >= 0) return false;
        return line.IndexOf("[error]"u8) >= 0 || line.IndexOf("[fatal]"u8) >= 0 || line.IndexOf("corrupt"u8) >= 0
            || line.IndexOf("concealing"u8) >= 0 || line.IndexOf("eference"u8) >= 0 || line.IndexOf("Could not find ref"u8) >= 0;
    }

    /// <summary>Says that no line will follow.</summary>
    internal void End()
    {
        _pictures.CompleteAdding();
        foreach (var segment in _segments) segment.End();
    }

    /// <summary>The timestamp of the next picture; waits for it, since ffmpeg logs a frame before it writes it.</summary>
    /// <returns>False where the log has ended.</returns>
    internal bool TryTake(out long timestamp)
    {
        var segment = 0;
        timestamp = 0;
        return (_segments.Length == 1 || (_pictures.TryTake(out segment, Timeout.Infinite) && segment < _segments.Length))
            && _segments[segment].TryTake(out timestamp);
    }
}
