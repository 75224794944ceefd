namespace VideoCaptionRetrieval;

/// <summary>Bootstrap percentile intervals of <see cref="RetrievalMetrics"/>, by resampling queries.</summary>
/// <param name="RecallAt1">Interval of the recall at 1, in per cent.</param>
/// <param name="RecallAt5">Interval of the recall at 5, in per cent.</param>
/// <param name="RecallAt10">Interval of the recall at 10, in per cent.</param>
/// <param name="RecallAt50">Interval of the recall at 50, in per cent.</param>
/// <param name="MedianRank">Interval of the median rank.</param>
/// <param name="MeanRank">Interval of the mean rank.</param>
/// <param name="MeanReciprocalRank">Interval of the mean reciprocal rank.</param>
public sealed record RetrievalIntervals(
    MetricInterval RecallAt1,
    MetricInterval RecallAt5,
    MetricInterval RecallAt10,
    MetricInterval RecallAt50,
    MetricInterval MedianRank,
    MetricInterval MeanRank,
    MetricInterval MeanReciprocalRank);

/// <summary>A bootstrap percentile interval, in the unit of its metric; NaN where there was no query.</summary>
/// <param name="Lower">The lower end.</param>
/// <param name="Upper">The upper end.</param>
public sealed record MetricInterval(double Lower, double Upper);
