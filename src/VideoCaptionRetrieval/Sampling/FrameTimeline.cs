namespace VideoCaptionRetrieval.Sampling;

/// <summary>When the frames of a video are on screen. Immutable.</summary>
internal sealed class FrameTimeline
{
    /// <summary>
    /// Durations and presentation times are stated to the microsecond: a frame that begins within one after t counts as on screen at t.
    /// </summary>
    private const double Rounding = 1e-6;

    /// <summary>
    /// A stated end that differs from the decoded one by more than this part is proved wrong. Less is usual: a container's duration
    /// covers the sound too, and may start before the first frame.
    /// </summary>
    private const double StatedTolerance = 0.05;

    private readonly long[] _timestamps;
    private readonly TimeBase _timeBase;

    /// <param name="timestamps">Presentation timestamps of the frames in any order, at least one.</param>
    /// <param name="timeBase">Seconds of one tick.</param>
    /// <param name="lastDuration">Ticks that the last frame is on screen; null = as long as the one before it.</param>
    internal FrameTimeline(IEnumerable<long> timestamps, TimeBase timeBase, long? lastDuration)
    {
        _timestamps = [.. timestamps.Distinct().Order()];
        _timeBase = timeBase;
        var gap = _timestamps.Length > 1 ? timeBase.Seconds(_timestamps[^2], _timestamps[^1]) : 0;
        DecodedEnd = Time(_timestamps[^1]) + (lastDuration is { } ticks ? timeBase.Seconds(0, ticks) : gap);
    }

    /// <summary>When the last frame leaves the screen, in seconds from the first frame.</summary>
    internal double DecodedEnd { get; }

    /// <summary>The video's end: what the container states, unless the frames prove it wrong.</summary>
    /// <param name="stated">Seconds; null where the container states none.</param>
    internal double End(double? stated)
    {
        if (stated is not { } end) return DecodedEnd;
        // A single frame stays on screen, however long the container says.
        var proved = _timestamps.Length > 1 && Math.Abs(end - DecodedEnd) > StatedTolerance * Math.Max(end, DecodedEnd);
        return proved ? DecodedEnd : end;
    }

    /// <summary>
    /// The timestamp of the frame on screen at <paramref name="time"/>: the last that is not later; before all, the first.
    /// </summary>
    internal long OnScreen(double time)
    {
        int low = 0, high = _timestamps.Length;
        while (high - low > 1)
        {
            var middle = (low + high) / 2;
            if (Time(_timestamps[middle]) <= time + Rounding) low = middle;
            else high = middle;
        }
        return _timestamps[low];
    }

    /// <summary>Seconds from the first frame to <paramref name="timestamp"/>.</summary>
    internal double Time(long timestamp) => _timeBase.Seconds(_timestamps[0], timestamp);
}
