namespace VideoCaptionRetrieval.Evaluation;

/// <summary>Percentile intervals of all metrics by resampling queries: O(resamples · queries), no sorting inside.</summary>
internal static class IntervalBootstrap
{
    private static readonly int[] _cutoffs = [1, 5, 10, 50];

    internal static RetrievalIntervals Compute(IReadOnlyList<double> ranks, IResampling resampling, double confidence)
    {
        var sorted = ranks.ToArray();
        var positions = Positions(sorted);
        var hits = _cutoffs.Select(k => sorted.Count(rank => rank <= k)).ToArray();
        var metrics = Enumerable.Range(0, 7).Select(_ => new double[resampling.Count]).ToArray();
        var indices = new int[sorted.Length];
        var counts = new int[sorted.Length];
        for (var resample = 0; resample < resampling.Count; resample++)
        {
            resampling.Draw(resample, indices);
            Array.Clear(counts);
            foreach (var index in indices) counts[positions[index]]++;
            for (var k = 0; k < hits.Length; k++) metrics[k][resample] = 100.0 * Sum(counts.AsSpan(0, hits[k])) / sorted.Length;
            (metrics[4][resample], metrics[5][resample], metrics[6][resample]) = Averages(sorted, counts);
        }
        var intervals = metrics.Select(values => Percentile.Interval(values, confidence)).ToArray();
        return new(intervals[0], intervals[1], intervals[2], intervals[3], intervals[4], intervals[5], intervals[6]);
    }

    /// <summary>Sorts the ranks; for each query its place in that order.</summary>
    private static int[] Positions(double[] ranks)
    {
        var order = Enumerable.Range(0, ranks.Length).ToArray();
        Array.Sort(ranks, order);
        var positions = new int[ranks.Length];
        for (var at = 0; at < order.Length; at++) positions[order[at]] = at;
        return positions;
    }

    private static int Sum(ReadOnlySpan<int> counts)
    {
        var sum = 0;
        foreach (var count in counts) sum += count;
        return sum;
    }

    private static (double Median, double Mean, double MeanReciprocal) Averages(double[] sorted, int[] counts)
    {
        if (sorted.Length == 0) return (double.NaN, double.NaN, double.NaN);
        double total = 0, reciprocals = 0, lower = double.NaN, upper = double.NaN;
        var seen = 0;
        for (var at = 0; at < sorted.Length; at++)
        {
            if (counts[at] == 0) continue;
            total += counts[at] * sorted[at];
            reciprocals += counts[at] / sorted[at];
            seen += counts[at];
            if (double.IsNaN(lower) && seen > (sorted.Length - 1) / 2) lower = sorted[at];
            if (double.IsNaN(upper) && seen > sorted.Length / 2) upper = sorted[at];
        }
        return ((lower + upper) / 2, total / sorted.Length, reciprocals / sorted.Length);
    }
}
