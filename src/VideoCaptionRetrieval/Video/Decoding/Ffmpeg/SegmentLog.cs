using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Text;
using VideoCaptionRetrieval.Video.Timeline;

namespace VideoCaptionRetrieval.Video.Decoding.Ffmpeg;

/// <summary>What the filter showinfo logs of each decoded frame of a segment.</summary>
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

    /// <summary>Takes a line of the log; false where it is not this filter's.</summary>
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

    /// <summary>Says that no line will follow.</summary>
    internal void End() => _selected.CompleteAdding();

    /// <summary>The timestamp of the next frame that leaves the decoder; waits for it.</summary>
    /// <returns>False where the log has ended.</returns>
    internal bool TryTake(out long timestamp) => _selected.TryTake(out timestamp, Timeout.Infinite);

    private static ReadOnlySpan<byte> After(ReadOnlySpan<byte> text, ReadOnlySpan<byte> mark) =>
        text.IndexOf(mark) is var at and >= 0 ? text[(at + mark.Length)..] : [];
}
