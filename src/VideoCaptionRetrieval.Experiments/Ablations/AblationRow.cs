namespace VideoCaptionRetrieval.Experiments.Ablations;

/// <summary>A row of a finished table.</summary>
/// <param name="Name">The condition.</param>
/// <param name="Scores">For each data set the text-to-video metrics of each seed.</param>
internal sealed record AblationRow(string Name, IReadOnlyList<IReadOnlyList<RetrievalMetrics>> Scores);
