namespace VideoCaptionRetrieval.Evaluation;

/// <summary>The difference of one metric between two systems on the same queries: first minus second, in the unit of the metric.</summary>
/// <param name="Difference">The mean difference over queries.</param>
/// <param name="Interval">Its bootstrap percentile interval; both systems are resampled with the same queries.</param>
/// <param name="BootstrapP">Two-sided p-value: how rarely a resampled difference lies on the other side of 0.</param>
/// <param name="SignFlipP">Two-sided p-value of the paired randomisation test: how often random signs give as large a difference.</param>
public sealed record PairedDifference(double Difference, MetricInterval Interval, double BootstrapP, double SignFlipP);
