namespace VideoCaptionRetrieval;

/// <summary>How a training went.</summary>
/// <param name="Steps">Steps that were done, including those of interrupted runs that it went on from.</param>
/// <param name="Elapsed">Time of this run.</param>
/// <param name="DataWait">How much of it the steps waited for frames.</param>
/// <param name="PeakMemoryBytes">The most memory that the process has used so far, in bytes.</param>
/// <param name="ZeroShot">Text to video on the validation set before the training; null where there is none.</param>
/// <param name="FineTuned">The same of the model that was kept.</param>
/// <param name="BestStep">The step whose weights were kept; null = the last one.</param>
public sealed record TrainingSummary(
    int Steps, TimeSpan Elapsed, TimeSpan DataWait, long PeakMemoryBytes, RetrievalMetrics? ZeroShot = null, RetrievalMetrics? FineTuned = null, int? BestStep = null)
{
    /// <summary>Images that went through the network at once.</summary>
    public int ChunkSize { get; init; }

    /// <summary>
    /// The videos that were trained on: neither those held out, nor those of weight 0, nor those that could not be read, nor those that no step
    /// came to.
    /// </summary>
    public int Videos { get; init; }

    /// <summary>The videos of the validation set.</summary>
    public int HeldOut { get; init; }

    /// <summary>
    /// Whether the queries of <see cref="ZeroShot"/> and <see cref="FineTuned"/> were given; otherwise they are the captions of the validation videos,
    /// which a captioner may have written.
    /// </summary>
    public bool AsksGivenQueries { get; init; }
}
