namespace VideoCaptionRetrieval.Video.Timeline;

/// <summary>A part of a video in which every frame is known.</summary>
/// <param name="Timestamps">The frames, ascending, at least one.</param>
/// <param name="Until">There are no others before this timestamp; <see cref="TimeBase.FarAway"/> = to the end of the video.</param>
internal sealed record FrameStretch(IReadOnlyList<long> Timestamps, long Until)
{
    /// <summary>The first frame.</summary>
    internal long Start => Timestamps[0];

    /// <summary>Joins stretches that touch.</summary>
    /// <param name="stretches">In any order.</param>
    /// <returns>Ascending; between two of them there may be unknown frames.</returns>
    internal static IReadOnlyList<FrameStretch> Join(IEnumerable<FrameStretch> stretches)
    {
        var joined = new List<FrameStretch>();
        foreach (var next in stretches.OrderBy(stretch => stretch.Start))
            if (joined is [.., var last] && next.Start <= last.Until)
                joined[^1] = new([.. last.Timestamps.Union(next.Timestamps).Order()], Math.Max(last.Until, next.Until));
            else joined.Add(next);
        return joined;
    }

    /// <summary>The last frame that is not later than a time; null where a later, unknown one may be on screen.</summary>
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
