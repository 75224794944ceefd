using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using VideoCaptionRetrieval.Cli.Inputs;
using VideoCaptionRetrieval.Cli.Output;
using VideoCaptionRetrieval.Models.Clip;
using VideoCaptionRetrieval.Models.Families;
using VideoCaptionRetrieval.Models.Registry;

namespace VideoCaptionRetrieval.Cli.Commands;

/// <summary>What 'vcr fit' was asked to do.</summary>
/// <param name="Paths">Videos.</param>
/// <param name="Clip">The model to start from.</param>
/// <param name="Captioners">Captioners; none where captions come from a file.</param>
/// <param name="Captions">A file of captions, or null.</param>
/// <param name="Output">The model to write.</param>
internal sealed record FitSettings(IReadOnlyList<string> Paths, string Clip, CaptionerSettings Captioners, string? Captions, string Output)
{
    /// <summary>The model that scores captions; null = the one that is trained.</summary>
    internal required string? ScoreClip { get; init; }

    /// <summary>Frames of a video; null = the model's own count.</summary>
    internal required int? Frames { get; init; }

    /// <summary>PATH=N: how often the videos of a path are drawn.</summary>
    internal required IReadOnlyList<string> Weights { get; init; }

    internal required MultiCaptionRetrievalOptions Training { get; init; }

    /// <summary>Finished captions, until the model is written.</summary>
    internal string CaptionStore => Output + ".captions";

    /// <summary>Checkpoints of the training, until the model is written.</summary>
    internal string Checkpoints => Output + ".training";
}

/// <summary>Runs the library's pipeline for 'vcr fit', and shows how far it is.</summary>
internal sealed class FitRun(
    MLContext mlContext, CommandContext context, FitSettings settings, IReadOnlyList<VideoClip> clips, IReadOnlyList<float>? weights)
{
    private readonly ModelDescription _model = ModelReference.Describe(mlContext, settings.Clip);

    /// <summary>Checks, before any work, that there is a CLIP to score captions with.</summary>
    /// <returns>The CLIP's checkpoint; null = the one that is trained.</returns>
    /// <exception cref="UsageException">None is named, and the model that is trained is not one.</exception>
    /// <exception cref="Models.ModelFileException">The one that is named is of another family, or damaged.</exception>
    internal string? RequireScoreClip()
    {
        if (settings.ScoreClip is { } named) return ModelReference.FindClip(mlContext, named);
        var trained = CheckpointFormats.Require<DualEncoderCheckpoint>(_model.CheckpointFolder);
        return trained is ClipCheckpoint
            ? null
            : throw new UsageException($"--score-clip: '{settings.Clip}' is a {trained.Family}, which gives no CLIPScore; name the CLIP that scores the captions.");
    }

    /// <summary>Trains on captions that captioners write.</summary>
    internal TransformerChain<MultiCaptionRetrievalTransformer> TrainWithCaptioners(
        IReadOnlyList<Captioner> captioners, string? scoreClip, WorkProgress progress)
    {
        var options = CreateOptions(progress);
        options.ScoreClip = scoreClip;
        options.Captioning = new()
        {
            Captioners = captioners,
            StorePath = settings.CaptionStore,
            Progress = new DirectProgress<CaptioningProgress>(done => progress.Report((int)done.Videos)),
        };
        progress.Begin(Invariant($"captioning {clips.Count:#,0} videos"), clips.Count, WorkProgress.Continues);
        return mlContext.VideoRetrieval.CreatePipeline(options).Fit(TrainingClips.Load(mlContext, clips, weights));
    }

    /// <summary>Trains on captions of a file.</summary>
    internal TransformerChain<MultiCaptionRetrievalTransformer> TrainWithCaptions(IReadOnlyDictionary<string, IReadOnlyList<string>> captions, WorkProgress progress)
    {
        progress.Begin(Invariant($"reading {clips.Count:#,0} videos"), clips.Count);
        var videos = TrainingClips.Load(mlContext, clips, weights, captions, read => progress.Report(read));
        return mlContext.VideoRetrieval.CreatePipeline(CreateOptions(progress)).Fit(videos);
    }

    private CaptionTrainingOptions CreateOptions(WorkProgress progress)
    {
        var training = settings.Training;
        // A saved model is trained on as it is searched.
        training.Objective.QueryScoringTemperature = _model.Scoring.Temperature;
        (training.Objective.Pooling, training.Objective.NormaliseFrames) = (_model.Scoring.Pooling, _model.Scoring.NormaliseFrames);
        if (weights is not null) training.Columns.SamplingWeight = TrainingClips.WeightColumn;
        training.Checkpoints.Folder = settings.Checkpoints;
        training.Progress = ReportSteps(progress);
        return new()
        {
            Checkpoint = _model.CheckpointFolder,
            FrameCount = settings.Frames ?? _model.FrameCount ?? FrameColumn.DefaultCount,
            Sampling = VideoInputs.SamplerOptions(context),
            Training = training,
            CancellationToken = context.Cancellation,
        };
    }

    private DirectProgress<TrainingProgress> ReportSteps(WorkProgress progress)
    {
        var begun = false;
        return new(step =>
        {
            if (!begun) progress.Begin($"training, {settings.Training.Epochs} epochs", step.Steps);
            begun = true;
            var loss = string.Create(CultureInfo.InvariantCulture, $"loss {step.Loss:0.0000}");
            progress.Report(step.Step, $" steps, {loss}");
            if (step.Step == step.Steps) progress.Print($"training, {settings.Training.Epochs} epochs: the last of {step.Steps} steps has {loss}");
        });
    }
}
