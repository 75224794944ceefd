namespace VideoCaptionRetrieval.Evaluation;

/// <summary>Computes percentile intervals of all metrics by resampling queries, in O(resamples · queries) without sorting.</summary>
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

    /// <summary>Sorts the ranks and returns the position of each query in that order.</summary>
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

/// <summary>
/// Computes paired differences of two systems on the same queries, with percentile intervals and two p-values. Queries of one cluster are drawn, and
/// change sides, together (the pairs cluster bootstrap; Cameron, Gelbach and Miller, Review of Economics and Statistics 2008).
/// </summary>
public static class PairedBootstrap
{
    // Differences are sums of rounded numbers: equal ones may differ in the last bits.
    private const double Slack = 1e-9;

    internal static RetrievalComparison Compute(PairedRanks ranks, IResampling resampling, double confidence)
    {
        PairedDifference Compare(Func<double, double> value) => Difference(ranks, value, resampling, confidence);
        PairedDifference RecallAt(int k) => Recall(ranks, k, resampling, confidence);
        return new(RecallAt(1), RecallAt(5), RecallAt(10), RecallAt(50), Compare(rank => rank), Compare(rank => 1 / rank))
        {
            Queries = ranks.First.Count,
            OnlyFirst = ranks.OnlyFirst,
            OnlySecond = ranks.OnlySecond,
        };
    }

    /// <summary>Computes the difference of one recall, in percentage points.</summary>
    public static PairedDifference Recall(PairedRanks ranks, int k, IResampling resampling, double confidence) =>
        Difference(ranks, rank => rank <= k ? 100 : 0, resampling, confidence);

    private static PairedDifference Difference(PairedRanks ranks, Func<double, double> value, IResampling resampling, double confidence)
    {
        double[] differences = [.. ranks.First.Zip(ranks.Second, (rank, other) => value(rank) - value(other))];
        return ranks.Clusters.Count == 0
            ? Difference(differences, [.. Enumerable.Repeat(1, differences.Length)], resampling, confidence)
            : Difference(ranks.Clusters, differences, resampling, confidence);
    }

    private static PairedDifference Difference(IReadOnlyList<int> clusters, double[] differences, IResampling resampling, double confidence)
    {
        var groups = clusters.Zip(differences).GroupBy(one => one.First, one => one.Second).ToList();
        return Difference([.. groups.Select(group => group.Sum())], [.. groups.Select(group => group.Count())], resampling, confidence);
    }

    /// <param name="sums">The sum of the differences of each cluster.</param>
    /// <param name="counts">The number of its pairs.</param>
    /// <param name="resampling">Draws clusters.</param>
    /// <param name="confidence">The share of resamples inside the interval.</param>
    private static PairedDifference Difference(double[] sums, int[] counts, IResampling resampling, double confidence)
    {
        var pairs = counts.Sum();
        var difference = sums.Sum() / pairs;
        var resampled = new double[resampling.Count];
        var indices = new int[sums.Length];
        var signs = new sbyte[sums.Length];
        int notAbove = 0, notBelow = 0, asLarge = 0;
        for (var resample = 0; resample < resampled.Length; resample++)
        {
            resampling.Draw(resample, indices);
            resampling.DrawSigns(resample, signs);
            double sum = 0, signed = 0;
            var drawn = 0;
            foreach (var index in indices) (sum, drawn) = (sum + sums[index], drawn + counts[index]);
            for (var at = 0; at < signs.Length; at++) signed += signs[at] * sums[at];
            resampled[resample] = sum / drawn;
            if (resampled[resample] <= Slack) notAbove++;
            if (resampled[resample] >= -Slack) notBelow++;
            if (Math.Abs(signed / pairs) >= Math.Abs(difference) - Slack) asLarge++;
        }
        // The +1 counts the observed sample among the resamples, so that no p-value is 0 (Phipson and Smyth 2010).
        var bootstrapP = Math.Min(1, 2.0 * (1 + Math.Min(notAbove, notBelow)) / (resampled.Length + 1));
        var signFlipP = (1.0 + asLarge) / (resampled.Length + 1);
        return new(difference, Percentile.Interval(resampled, confidence), bootstrapP, signFlipP);
    }
}

/// <summary>Computes percentiles with linear interpolation between order statistics, at position p·(n−1).</summary>
internal static class Percentile
{
    /// <summary>Computes the central interval that holds a share <paramref name="confidence"/> of the values. Sorts the values in place.</summary>
    internal static MetricInterval Interval(double[] values, double confidence)
    {
        Array.Sort(values);
        return new(At(values, (1 - confidence) / 2), At(values, 1 - (1 - confidence) / 2));
    }

    private static double At(double[] sorted, double share)
    {
        var position = share * (sorted.Length - 1);
        var below = (int)Math.Floor(position);
        return below + 1 >= sorted.Length ? sorted[^1] : sorted[below] + (position - below) * (sorted[below + 1] - sorted[below]);
    }
}
