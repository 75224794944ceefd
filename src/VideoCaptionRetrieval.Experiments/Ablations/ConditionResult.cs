namespace VideoCaptionRetrieval.Experiments.Ablations;

/// <summary>What became of a condition.</summary>
/// <param name="Temperature">τ that was used.</param>
/// <param name="Seconds">Wall time of training and tests.</param>
/// <param name="Tests">Scores by the name of the data set that was tested on.</param>
internal sealed record ConditionResult(double Temperature, double Seconds, IReadOnlyDictionary<string, PooledScores> Tests);
