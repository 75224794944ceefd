using VideoCaptionRetrieval.Torch.Training.Data;

namespace VideoCaptionRetrieval.Torch.Training.Runs;

/// <summary>Where a training stands, beside its weights and its optimiser's moments. All draws follow from the seed, the epoch and the video.</summary>
/// <param name="Fingerprint">Names data and options: a training goes on with its own alone.</param>
/// <param name="Step">Steps that are done.</param>
/// <param name="OptimiserSteps">Updates that the optimiser has made.</param>
/// <param name="Unreadable">The videos that turned out unreadable.</param>
/// <param name="Validations">What held-out videos said so far; empty where there are none.</param>
/// <param name="GradientScale">The factor on gradients in float16; 0 in other precisions.</param>
/// <param name="GoodSteps">Steps since that factor changed.</param>
internal sealed record TrainingState(
    string Fingerprint, int Step, int OptimiserSteps, IReadOnlyList<UnreadableItem> Unreadable, IReadOnlyList<ValidationPoint> Validations,
    double GradientScale = 0, int GoodSteps = 0)
{
    /// <summary>Images that go through the network at once; 0 = not noted.</summary>
    public int ChunkSize { get; init; }
}
