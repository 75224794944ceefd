namespace VideoCaptionRetrieval.Experiments;

/// <summary>Retrieval in one direction.</summary>
/// <param name="R1">Recall at 1, per cent.</param>
/// <param name="R5">Recall at 5, per cent.</param>
/// <param name="R10">Recall at 10, per cent.</param>
/// <param name="MedianRank">The median rank, from 1.</param>
public sealed record ProofRecalls(double R1, double R5, double R10, double MedianRank)
{
    internal static ProofRecalls Of(RetrievalMetrics metrics) => new(metrics.RecallAt1, metrics.RecallAt5, metrics.RecallAt10, metrics.MedianRank);
}
