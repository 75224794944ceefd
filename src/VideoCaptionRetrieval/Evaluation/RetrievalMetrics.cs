namespace VideoCaptionRetrieval;

/// <summary>
/// Retrieval metrics of one direction. Ranks start at 1 and may be fractional under <see cref="TieRule.Mid"/>. All values are NaN where
/// there is no query.
/// </summary>
/// <param name="RecallAt1">Share of queries with rank ≤ 1, in per cent [0, 100].</param>
/// <param name="RecallAt5">Share of queries with rank ≤ 5, in per cent.</param>
/// <param name="RecallAt10">Share of queries with rank ≤ 10, in per cent.</param>
/// <param name="RecallAt50">Share of queries with rank ≤ 50, in per cent.</param>
/// <param name="MedianRank">Median rank; the mean of the two middle ones where the number of queries is even.</param>
/// <param name="MeanRank">Mean rank.</param>
/// <param name="MeanReciprocalRank">Mean of 1/rank, in (0, 1].</param>
/// <param name="Queries">
/// The number of ranks: queries that have a video (text to video), or videos that have a query (video to text).
/// </param>
public sealed record RetrievalMetrics(
    double RecallAt1,
    double RecallAt5,
    double RecallAt10,
    double RecallAt50,
    double MedianRank,
    double MeanRank,
    double MeanReciprocalRank,
    int Queries)
{
    /// <summary>Computes the metrics of a list of ranks.</summary>
    internal static RetrievalMetrics Compute(IReadOnlyList<double> ranks) => new(
        RecallPercent(ranks, 1), RecallPercent(ranks, 5), RecallPercent(ranks, 10), RecallPercent(ranks, 50),
        Median(ranks), Mean(ranks, rank => rank), Mean(ranks, rank => 1 / rank), ranks.Count);

    /// <summary>Computes the share of ranks ≤ k, in per cent.</summary>
    internal static double RecallPercent(IReadOnlyList<double> ranks, int k) => 100.0 * ranks.Count(rank => rank <= k) / ranks.Count;

    private static double Median(IReadOnlyList<double> ranks)
    {
        if (ranks.Count == 0) return double.NaN;
        var sorted = ranks.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    private static double Mean(IReadOnlyList<double> ranks, Func<double, double> value) => ranks.Sum(value) / ranks.Count;
}
