namespace VideoCaptionRetrieval;

/// <summary>How a training went.</summary>
/// <param name="Steps">Steps that were done, those of earlier runs that it went on from included.</param>
/// <param name="Elapsed">Time of this run.</param>
/// <param name="Waited">How much of it the steps waited for frames.</param>
/// <param name="PeakMemoryBytes">The most memory that the process has had so far, in bytes.</param>
/// <param name="Frozen">Text to video on the held-out videos before the training; null where there are none.</param>
/// <param name="Tuned">The same of the model that was kept.</param>
/// <param name="BestStep">The step whose weights were kept; null = the last one.</param>
public sealed record TrainingSummary(
    int Steps, TimeSpan Elapsed, TimeSpan Waited, long PeakMemoryBytes, RetrievalMetrics? Frozen = null, RetrievalMetrics? Tuned = null, int? BestStep = null)
{
    /// <summary>Images that went through the network at once.</summary>
    public int ChunkSize { get; init; }
}
