namespace VideoCaptionRetrieval.Evaluation;

/// <summary>A bootstrap percentile interval, in the unit of its metric; NaN where there was no query.</summary>
/// <param name="Lower">The lower end.</param>
/// <param name="Upper">The upper end.</param>
public sealed record MetricInterval(double Lower, double Upper);
