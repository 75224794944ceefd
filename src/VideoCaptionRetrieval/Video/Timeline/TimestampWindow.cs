namespace VideoCaptionRetrieval.Video.Timeline;

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
