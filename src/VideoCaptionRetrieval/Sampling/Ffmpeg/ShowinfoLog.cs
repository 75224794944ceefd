using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Text;

namespace VideoCaptionRetrieval.Sampling.Ffmpeg;

/// <summary>
/// What the filter showinfo logs of each decoded frame. Written by the thread that reads the log; the frames that were asked for are
/// taken by another while it runs.
/// </summary>
internal sealed class ShowinfoLog
{
    private readonly byte[] _prefix;
    private readonly IReadOnlySet<long>? _wanted;
    private readonly BlockingCollection<long> _selected = [];

    /// <param name="wanted">Timestamps of the frames that <see cref="TryTake"/> gives, others are only listed; null = all.</param>
    internal ShowinfoLog(IReadOnlySet<long>? wanted)
    {
        _wanted = wanted;
        // A name that cannot be guessed: a file cannot fake a line of this filter with what ffmpeg prints of its metadata.
        FilterName = $"showinfo@{Guid.NewGuid():N}";
        _prefix = Encoding.ASCII.GetBytes($"[{FilterName} @ ");
    }

    /// <summary>Name of the filter instance that must do the logging.</summary>
    internal string FilterName { get; }

    /// <summary>Timestamps of all frames, in decoding order; complete after the end.</summary>
    internal List<long> Timestamps { get; } = [];

    /// <summary>The tick of the timestamps; null until a frame was decoded.</summary>
    internal TimeBase? TimeBase { get; private set; }

    internal void Add(ReadOnlySpan<byte> line)
    {
        if (!line.StartsWith(_prefix)) return;
        if (After(line, "config in time_base: "u8) is { Length: > 0 } config)
        {
            var fraction = Encoding.ASCII.GetString(config[..Math.Max(config.IndexOf((byte)','), 0)]);
            if (Sampling.TimeBase.TryParse(fraction, out var timeBase)) TimeBase = timeBase;
            return;
        }
        // "… n:  12 pts:   6144 pts_time:0.48 …"; frames without a time, "pts: NOPTS", are never on screen.
        var frame = After(line, " n:"u8);
        var number = After(frame, " pts:"u8).TrimStart((byte)' ');
        if (!Utf8Parser.TryParse(number, out long timestamp, out _)) return;
        Timestamps.Add(timestamp);
        if (_wanted?.Contains(timestamp) != false) _selected.Add(timestamp);
    }

    /// <summary>Says that no line will follow.</summary>
    internal void End() => _selected.CompleteAdding();

    /// <summary>The timestamp of the next selected frame; waits for it, since ffmpeg logs a frame before it writes it.</summary>
    /// <returns>False where the log has ended.</returns>
    internal bool TryTake(out long timestamp) => _selected.TryTake(out timestamp, Timeout.Infinite);

    private static ReadOnlySpan<byte> After(ReadOnlySpan<byte> text, ReadOnlySpan<byte> mark) =>
        text.IndexOf(mark) is var at and >= 0 ? text[(at + mark.Length)..] : [];
}
