using VideoCaptionRetrieval.Torch.DualEncoders;
using VideoCaptionRetrieval.Torch.Training.Data;
using VideoCaptionRetrieval.Torch.Training.Optimization;
using VideoCaptionRetrieval.Torch.Training.Runs;

namespace VideoCaptionRetrieval.Torch.Training;

/// <summary>Makes the parts of a training from the options.</summary>
internal static class TrainingParts
{
    internal static FrozenParts Frozen(MultiCaptionRetrievalOptions options) => new(
        options.FreezeVision, options.FreezeText, options.FrozenVisionLayers, options.FrozenTextLayers,
        Scale: options.LogitScalePolicy != LogitScalePolicy.FromCheckpoint || !options.TrainLogitScale);

    internal static LearningRateSchedule Schedule(MultiCaptionRetrievalOptions options, int steps) => new(
        options.LearningRateDecay, steps, options.WarmupSteps ?? LearningRateSchedule.WarmupOf(options.WarmupRatio, steps));

    /// <summary>The optimiser of what is not frozen; the caller disposes it.</summary>
    internal static Adam Optimiser(MultiCaptionRetrievalOptions options, DualEncoderModel model) => new(ParameterGroups.Of(model, options.LearningRate,
        options.ProjectionLearningRate ?? options.LearningRate, options.LogitScaleLearningRate ?? options.LearningRate, options.WeightDecay));

    internal static ContrastiveStepOptions Step(MultiCaptionRetrievalOptions options, int seed, int chunk) => new()
    {
        Similarity = options.FrameScoring,
        CaptionWeighting = options.CaptionWeighting,
        Reduction = options.LossReduction,
        FixedScale = options.LogitScalePolicy switch
        {
            LogitScalePolicy.Fixed => options.LogitScale,
            LogitScalePolicy.One => 1,
            _ => null,
        },
        MaxGradientNorm = options.MaxGradientNorm,
        Precision = options.Precision,
        ImageTextMatching = options.ImageTextMatching,
        Seed = seed,
        ChunkSize = chunk,
    };

    /// <summary>Follows the training by held-out videos; null where there are none. The caller disposes it.</summary>
    internal static TrainingSelection? Selection(
        MultiCaptionRetrievalOptions options, TorchDualEncoder encoder, ValidationSet? validation, TrainingRunSettings settings) => validation is null
        ? null
        : new(encoder.Model, new(encoder, validation, settings, options), new(options.CheckpointFolder), options.EarlyStoppingPatience);

    /// <summary>Learning curves from a step on; null where none are wanted. The caller disposes them.</summary>
    internal static LearningCurves? Curves(MultiCaptionRetrievalOptions options, int done, TrainingSelection? selection)
    {
        if (options.LogFolder is not { } folder) return null;
        var curves = new LearningCurves(folder, done);
        if (done == 0 && selection is not null) curves.Add(selection.Frozen);
        return curves;
    }
}
