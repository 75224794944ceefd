namespace VideoCaptionRetrieval.Evaluation;

/// <summary>Metrics of a list of ranks.</summary>
internal static class RankSummary
{
    internal static RetrievalMetrics Summarise(IReadOnlyList<double> ranks) => new(
        RecallAt(ranks, 1), RecallAt(ranks, 5), RecallAt(ranks, 10), RecallAt(ranks, 50),
        Median(ranks), Mean(ranks, rank => rank), Mean(ranks, rank => 1 / rank), ranks.Count);

    /// <summary>Share of ranks ≤ k, in per cent.</summary>
    internal static double RecallAt(IReadOnlyList<double> ranks, int k) => 100.0 * ranks.Count(rank => rank <= k) / ranks.Count;

    private static double Median(IReadOnlyList<double> ranks)
    {
        if (ranks.Count == 0) return double.NaN;
        var sorted = ranks.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    private static double Mean(IReadOnlyList<double> ranks, Func<double, double> value) => ranks.Sum(value) / ranks.Count;
}
