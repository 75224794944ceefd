namespace VideoCaptionRetrieval;

/// <summary>
/// Paired differences of two systems on the same queries, first minus second. The median rank is absent: it is no mean over queries.
/// </summary>
/// <param name="RecallAt1">Difference of the recall at 1, in percentage points.</param>
/// <param name="RecallAt5">Difference of the recall at 5, in percentage points.</param>
/// <param name="RecallAt10">Difference of the recall at 10, in percentage points.</param>
/// <param name="RecallAt50">Difference of the recall at 50, in percentage points.</param>
/// <param name="MeanRank">Difference of the mean rank; below 0 where the first system is better.</param>
/// <param name="MeanReciprocalRank">Difference of the mean reciprocal rank.</param>
public sealed record RetrievalComparison(
    PairedDifference RecallAt1,
    PairedDifference RecallAt5,
    PairedDifference RecallAt10,
    PairedDifference RecallAt50,
    PairedDifference MeanRank,
    PairedDifference MeanReciprocalRank)
{
    /// <summary>The number of queries that both systems ranked, and that the differences are of.</summary>
    public int Queries { get; init; }

    /// <summary>The number of queries that the first system alone ranked.</summary>
    public int OnlyFirst { get; init; }

    /// <summary>The number of queries that the second system alone ranked.</summary>
    public int OnlySecond { get; init; }
}

/// <summary>The difference of one metric between two systems on the same queries: first minus second, in the unit of the metric.</summary>
/// <param name="Difference">The mean difference over queries.</param>
/// <param name="Interval">Its bootstrap percentile interval; both systems are resampled with the same queries.</param>
/// <param name="BootstrapP">Two-sided p-value: how rarely a resampled difference lies on the other side of 0.</param>
/// <param name="SignFlipP">Two-sided p-value of the paired randomisation test: how often random signs give as large a difference.</param>
public sealed record PairedDifference(double Difference, MetricInterval Interval, double BootstrapP, double SignFlipP);
