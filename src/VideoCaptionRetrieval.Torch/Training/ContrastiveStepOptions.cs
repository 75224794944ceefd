using VideoCaptionRetrieval.Objective;

namespace VideoCaptionRetrieval.Torch.Training;

/// <summary>What a training step computes.</summary>
internal sealed record ContrastiveStepOptions
{
    /// <summary>How a video and a caption are compared.</summary>
    internal FrameScoring Similarity { get; init; } = FrameScoring.Default;

    /// <summary>How captions are weighted.</summary>
    internal CaptionWeighting CaptionWeighting { get; init; } = CaptionWeighting.Mean;

    /// <summary>How the two directions are joined.</summary>
    internal LossReduction Reduction { get; init; } = LossReduction.Sum;

    /// <summary>A fixed scale of the logits; null: the model's own, which is trained.</summary>
    internal double? FixedScale { get; init; }

    /// <summary>The greatest length of all gradients together; null = no limit.</summary>
    internal double? MaxGradientNorm { get; init; }

    /// <summary>In what the towers compute.</summary>
    internal TrainingPrecision Precision { get; init; } = TrainingPrecision.Full;

    /// <summary>Whether the head that says if a video and a text match is trained too; of BLIP alone.</summary>
    internal bool ImageTextMatching { get; init; }

    /// <summary>Seed of what is drawn in a step.</summary>
    internal int Seed { get; init; }

    /// <summary>Images and texts that go through the network at once.</summary>
    internal int ChunkSize { get; init; } = MultiCaptionRetrievalOptions.DefaultChunkSize;
}
