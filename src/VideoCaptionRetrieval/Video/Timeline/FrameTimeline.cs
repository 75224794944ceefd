using System.Globalization;

namespace VideoCaptionRetrieval.Video.Timeline;

/// <summary>
/// The times of the frames of a video, of all of them or of some intervals, which include the first frame. Immutable.
/// </summary>
internal sealed class FrameTimeline
{
    /// <summary>
    /// Durations and presentation times are stated in microseconds: a frame that begins up to one after t counts as on screen at t.
    /// </summary>
    internal const double Rounding = 1e-6;

    /// <summary>
    /// A stated end that differs from the decoded one by more than this share is wrong. Smaller differences are usual: a container's duration
    /// includes the sound, and may start before the first frame.
    /// </summary>
    private const double StatedTolerance = 0.05;

    /// <param name="intervals">At least one; the earliest starts with the video's first frame.</param>
    /// <param name="timeBase">Seconds of one tick.</param>
    /// <param name="end">When the last frame leaves the screen, in seconds from the first frame.</param>
    internal FrameTimeline(IEnumerable<KnownInterval> intervals, TimeBase timeBase, double end)
    {
        Intervals = KnownInterval.Join(intervals);
        (TimeBase, DecodedEnd) = (timeBase, end);
    }

    /// <param name="timestamps">Presentation timestamps of all frames in any order, at least one.</param>
    /// <param name="timeBase">Seconds of one tick.</param>
    /// <param name="lastDuration">Ticks that the last frame is on screen; null = as long as the one before it.</param>
    internal FrameTimeline(IEnumerable<long> timestamps, TimeBase timeBase, long? lastDuration)
    {
        long[] all = [.. timestamps.Distinct().Order()];
        (Intervals, TimeBase) = ([new(all, TimeBase.FarAway)], timeBase);
        var last = lastDuration ?? (all.Length > 1 ? all[^1] - all[^2] : 0);
        DecodedEnd = Time(all[^1]) + timeBase.Seconds(0, last);
    }

    /// <summary>The intervals whose frames are known, ascending.</summary>
    internal IReadOnlyList<KnownInterval> Intervals { get; }

    /// <summary>Seconds of one tick.</summary>
    internal TimeBase TimeBase { get; }

    /// <summary>Timestamp of the first frame.</summary>
    internal long First => Intervals[0].Start;

    /// <summary>Whether every frame is known.</summary>
    internal bool IsWhole => Intervals is [{ Until: TimeBase.FarAway }];

    /// <summary>When the last frame leaves the screen, in seconds from the first frame.</summary>
    internal double DecodedEnd { get; }

    /// <summary>Returns the end of the video in seconds: the stated one, unless the frames prove it wrong.</summary>
    /// <param name="stated">Seconds; null where the container states none.</param>
    internal double End(double? stated)
    {
        if (stated is not { } end) return DecodedEnd;
        // A single frame stays on screen, however long the container says.
        var several = Intervals.Count > 1 || Intervals[0].Timestamps.Count > 1;
        return several && Math.Abs(end - DecodedEnd) > StatedTolerance * Math.Max(end, DecodedEnd) ? DecodedEnd : end;
    }

    /// <summary>
    /// Finds the timestamp of the frame on screen at <paramref name="time"/>: the last that is not later; before all, the first. Null where it
    /// is not known.
    /// </summary>
    internal long? OnScreen(double time)
    {
        bool IsNotLater(long timestamp) => Time(timestamp) <= time + Rounding;
        return (Intervals.LastOrDefault(interval => IsNotLater(interval.Start)) ?? Intervals[0]).Last(IsNotLater);
    }

    /// <summary>Merges two timelines of one video; of two whole ones, this one is returned.</summary>
    internal FrameTimeline With(FrameTimeline other) =>
        IsWhole ? this : other.IsWhole ? other : new(Intervals.Concat(other.Intervals), TimeBase, DecodedEnd);

    /// <summary>Computes the seconds from the first frame to <paramref name="timestamp"/>.</summary>
    internal double Time(long timestamp) => TimeBase.Seconds(First, timestamp);

    /// <summary>Computes the seconds from the file's start to the first frame, at least 0.</summary>
    /// <param name="fileStart">The file's start in seconds of the timestamps; null = the first frame's.</param>
    internal double AfterStart(double? fileStart) =>
        fileStart is { } start && TimeBase.Seconds(0, First) - start is > Rounding and var late ? late : 0;

    /// <summary>Computes the last timestamp that a frame on screen at a time can have.</summary>
    internal long Latest(double time) => First + TimeBase.Ticks(time + Rounding);
}

/// <summary>An interval of a video in which every frame is known.</summary>
/// <param name="Timestamps">The frames, ascending, at least one.</param>
/// <param name="Until">There are no others before this timestamp; <see cref="TimeBase.FarAway"/> = to the end of the video.</param>
internal sealed record KnownInterval(IReadOnlyList<long> Timestamps, long Until)
{
    /// <summary>The first frame.</summary>
    internal long Start => Timestamps[0];

    /// <summary>Joins intervals that touch.</summary>
    /// <param name="intervals">In any order.</param>
    /// <returns>Ascending; between two of them there may be unknown frames.</returns>
    internal static IReadOnlyList<KnownInterval> Join(IEnumerable<KnownInterval> intervals)
    {
        var joined = new List<KnownInterval>();
        foreach (var next in intervals.OrderBy(interval => interval.Start))
            if (joined is [.., var last] && next.Start <= last.Until)
                joined[^1] = new([.. last.Timestamps.Union(next.Timestamps).Order()], Math.Max(last.Until, next.Until));
            else joined.Add(next);
        return joined;
    }

    /// <summary>Finds the last frame that is not later than a time; null where a later, unknown one may be on screen.</summary>
    internal long? Last(Func<long, bool> isNotLater)
    {
        int low = 0, high = Timestamps.Count;
        while (high - low > 1)
        {
            var middle = (low + high) / 2;
            if (isNotLater(Timestamps[middle])) low = middle;
            else high = middle;
        }
        return high < Timestamps.Count || Until == TimeBase.FarAway || !isNotLater(Until) ? Timestamps[low] : null;
    }
}

/// <summary>Timestamps <paramref name="From"/> … <paramref name="To"/>, both included.</summary>
internal readonly record struct TimestampWindow(long From, long To)
{
    internal bool Contains(long timestamp) => timestamp >= From && timestamp <= To;

    /// <summary>Joins windows that touch.</summary>
    /// <returns>Ascending, none touches the next.</returns>
    internal static IReadOnlyList<TimestampWindow> Join(IEnumerable<TimestampWindow> windows)
    {
        var joined = new List<TimestampWindow>();
        foreach (var next in windows.OrderBy(window => window.From))
            if (joined is [.., var last] && next.From <= last.To) joined[^1] = last with { To = Math.Max(last.To, next.To) };
            else joined.Add(next);
        return joined;
    }
}

/// <summary>The length of a timestamp's tick as a fraction of a second.</summary>
internal readonly record struct TimeBase(long Numerator, long Denominator)
{
    /// <summary>Computes the seconds from one timestamp to a later one, with one rounding, so that equal times compare equal.</summary>
    internal double Seconds(long from, long to) => ((double)to - from) * Numerator / Denominator;

    /// <summary>Computes the whole ticks in a time, rounded down; times beyond all timestamps give the largest.</summary>
    internal long Ticks(double seconds) => (long)Math.Clamp(Math.Floor(seconds * Denominator / Numerator), -FarAway, FarAway);

    /// <summary>More ticks than any video has, with room for sums.</summary>
    internal const long FarAway = long.MaxValue / 8;

    /// <summary>Parses a fraction such as "1/12800"; returns false where it is not positive.</summary>
    internal static bool TryParse(ReadOnlySpan<char> text, out TimeBase timeBase)
    {
        timeBase = default;
        var slash = text.IndexOf('/');
        if (slash < 0 || !long.TryParse(text[..slash], CultureInfo.InvariantCulture, out var numerator)) return false;
        if (!long.TryParse(text[(slash + 1)..], CultureInfo.InvariantCulture, out var denominator)) return false;
        timeBase = new(numerator, denominator);
        return numerator > 0 && denominator > 0;
    }
}
