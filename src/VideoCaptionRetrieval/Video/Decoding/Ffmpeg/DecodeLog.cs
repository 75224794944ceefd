using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Text;
using VideoCaptionRetrieval.Video.Timeline;

namespace VideoCaptionRetrieval.Video.Decoding.Ffmpeg;

/// <summary>
/// Parses ffmpeg's log of a decode: each decoded frame of each segment, logged by a filter showinfo, and, of several segments, the segment of
/// each picture. One thread adds lines while another takes timestamps of pictures.
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

    /// <summary>Whether ffmpeg reported, as an error or less, that its frames may be wrong.</summary>
    internal bool SpokeOfDamage { get; private set; }

    /// <summary>Whether a decoder got no memory for a frame: frames are then missing, though ffmpeg continues.</summary>
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
        // A reference that is to be dropped may lie before the key frame at which decoding began. A missing graphics card is no damage
        // either.
        if (line.IndexOf("mmco: unref short failure"u8) >= 0 || line.IndexOf("AVHWDeviceContext"u8) >= 0
            || line.IndexOf("Device creation failed"u8) >= 0) return false;
        return line.IndexOf("[error]"u8) >= 0 || line.IndexOf("[fatal]"u8) >= 0 || line.IndexOf("corrupt"u8) >= 0
            || line.IndexOf("concealing"u8) >= 0 || line.IndexOf("eference"u8) >= 0 || line.IndexOf("Could not find ref"u8) >= 0;
    }

    /// <summary>Marks the end of the log.</summary>
    internal void End()
    {
        _pictures.CompleteAdding();
        foreach (var segment in _segments) segment.End();
    }

    /// <summary>Takes the timestamp of the next picture; waits for it, since ffmpeg logs a frame before it writes it.</summary>
    /// <returns>False where the log has ended.</returns>
    internal bool TryTake(out long timestamp)
    {
        var segment = 0;
        timestamp = 0;
        return (_segments.Length == 1 || (_pictures.TryTake(out segment, Timeout.Infinite) && segment < _segments.Length))
            && _segments[segment].TryTake(out timestamp);
    }
}

/// <summary>Parses what the filter showinfo logs of each decoded frame of a segment.</summary>
internal sealed class SegmentLog
{
    private readonly byte[] _prefix;
    private readonly BlockingCollection<long> _selected = [];

    /// <param name="segment">The segment; the frames it wants are those that <see cref="TryTake"/> gives.</param>
    /// <param name="filterName">Name of the filter instance that must do the logging.</param>
    internal SegmentLog(DecodeSegment segment, string filterName)
    {
        (Segment, FilterName) = (segment, filterName);
        _prefix = Encoding.ASCII.GetBytes($"[{filterName} @ ");
        PassesAll = segment.Wanted.Count > SelectExpression.MaximumWindows;
    }

    internal DecodeSegment Segment { get; }

    /// <summary>Name of the filter instance that must do the logging.</summary>
    internal string FilterName { get; }

    /// <summary>Timestamps of all frames, in decoding order; complete after the end.</summary>
    internal List<long> Timestamps { get; } = [];

    /// <summary>Timestamps of the key frames among them.</summary>
    internal List<long> Keys { get; } = [];

    /// <summary>The tick of the timestamps; null until a frame was decoded.</summary>
    internal TimeBase? TimeBase { get; private set; }

    /// <summary>How often the filter was set up: again where the pictures change their size.</summary>
    internal int Setups { get; private set; }

    /// <summary>Whether every frame leaves the decoder, since the wanted ones are too many to name.</summary>
    private bool PassesAll { get; }

    /// <summary>Adds a line of the log; returns false where it is not this filter's.</summary>
    internal bool TryAdd(ReadOnlySpan<byte> line)
    {
        if (!line.StartsWith(_prefix)) return false;
        if (After(line, "config in time_base: "u8) is { Length: > 0 } config)
        {
            var fraction = Encoding.ASCII.GetString(config[..Math.Max(config.IndexOf((byte)','), 0)]);
            if (Timeline.TimeBase.TryParse(fraction, out var timeBase)) TimeBase = timeBase;
            Setups++;
            return true;
        }
        // "… n:  12 pts:   6144 pts_time:0.48 …"; frames without a time, "pts: NOPTS", are never on screen.
        var frame = After(line, " n:"u8);
        var number = After(frame, " pts:"u8).TrimStart((byte)' ');
        if (!Utf8Parser.TryParse(number, out long timestamp, out _)) return true;
        Timestamps.Add(timestamp);
        if (line.IndexOf("iskey:1"u8) >= 0) Keys.Add(timestamp);
        if (PassesAll || Segment.Wants(timestamp)) _selected.Add(timestamp);
        return true;
    }

    /// <summary>Marks the end of the log.</summary>
    internal void End() => _selected.CompleteAdding();

    /// <summary>Takes the timestamp of the next frame that leaves the decoder; waits for it.</summary>
    /// <returns>False where the log has ended.</returns>
    internal bool TryTake(out long timestamp) => _selected.TryTake(out timestamp, Timeout.Infinite);

    private static ReadOnlySpan<byte> After(ReadOnlySpan<byte> text, ReadOnlySpan<byte> mark) =>
        text.IndexOf(mark) is var at and >= 0 ? text[(at + mark.Length)..] : [];
}
