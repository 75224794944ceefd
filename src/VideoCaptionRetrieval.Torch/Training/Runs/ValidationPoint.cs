
namespace VideoCaptionRetrieval.Torch.Training.Runs;

/// <summary>What the held-out videos said after so many steps.</summary>
/// <param name="Step">Steps that were done; 0 = the frozen model.</param>
/// <param name="Metrics">Text to video.</param>
internal sealed record ValidationPoint(int Step, RetrievalMetrics Metrics)
{
    /// <summary>Whether it is better: more queries find their video at once; of equal ones, the higher mean reciprocal rank.</summary>
    internal bool IsBetterThan(ValidationPoint other) => (Metrics.RecallAt1, Metrics.MeanReciprocalRank)
        .CompareTo((other.Metrics.RecallAt1, other.Metrics.MeanReciprocalRank)) > 0;
}
