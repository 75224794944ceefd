using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using VideoCaptionRetrieval.Cli.Inputs;
using VideoCaptionRetrieval.Cli.Output;
using VideoCaptionRetrieval.Sampling;

namespace VideoCaptionRetrieval.Cli.Commands;

/// <summary>The work of 'vcr fit': frames, captions, training.</summary>
internal sealed class FitRun(
    MLContext mlContext, CommandContext context, FitSettings settings, ModelDescription clip, IReadOnlyList<VideoClip> clips, IReadOnlyList<float>? weights)
{
    private readonly int _frameCount = settings.Frames ?? clip.FrameCount ?? FrameColumn.DefaultCount;

    /// <summary>Trains on what captioners write.</summary>
    internal TransformerChain<MultiCaptionRetrievalTransformer> Caption(List<NamedCaptioner> captioners, WorkProgress progress)
    {
        progress.Begin($"captioning {clips.Count:#,0} videos", clips.Count, WorkProgress.Continues);
        var columns = FrameColumns.Create([clip.Format, .. captioners.Select(captioner => captioner.Format)], _frameCount);
        var videos = WeightedClips.Load(mlContext, clips, weights);
        var sampler = VideoInputs.Sampler(mlContext, context, [.. columns.Values]).Fit(videos);
        var frames = sampler.Transform(videos);
        using var captioner = CaptioningStage.Fit(mlContext, context, frames, captioners, columns, settings.CaptionStore, progress);
        var captioned = captioner.Transform(frames);
        using var filter = mlContext.Transforms.FilterCaptionsByClipScore(new ClipScoreFilterOptions
        {
            FramesColumnName = columns[clip.Format].Name,
            CheckpointFolder = clip.CheckpointFolder,
            CancellationToken = context.Cancellation,
        }).Fit(captioned);
        return new(sampler, Train(filter.Transform(captioned), progress));
    }

    /// <summary>Trains on captions that are there.</summary>
    internal TransformerChain<MultiCaptionRetrievalTransformer> Take(ILookup<string, string> captions, WorkProgress progress)
    {
        progress.Begin($"reading {clips.Count:#,0} videos", clips.Count);
        var videos = CaptionedClips.Load(mlContext, clips, weights, captions, read => progress.Report(read));
        var sampler = VideoInputs.Sampler(mlContext, context, new FrameColumn(FrameColumn.DefaultName, clip.Format, _frameCount)).Fit(videos);
        return new(sampler, Train(sampler.Transform(videos), progress));
    }

    private MultiCaptionRetrievalTransformer Train(IDataView data, WorkProgress progress)
    {
        var options = settings.Training;
        // A saved model is trained on as it is searched.
        options.Objective.QueryScoringTemperature = clip.Scoring.Temperature;
        (options.Objective.Pooling, options.Objective.NormaliseFrames) = (clip.Scoring.Pooling, clip.Scoring.NormaliseFrames);
        if (weights is not null) options.Columns.SamplingWeight = WeightedClips.Column;
        options.CancellationToken = context.Cancellation;
        options.Checkpoints.Folder = settings.Checkpoints;
        var begun = false;
        options.Progress = new DirectProgress<TrainingProgress>(step =>
        {
            if (!begun) progress.Begin($"training, {settings.Training.Epochs} epochs", step.Steps);
            begun = true;
            var loss = string.Create(CultureInfo.InvariantCulture, $"loss {step.Loss:0.0000}");
            progress.Report(step.Step, $" steps, {loss}");
            if (step.Step == step.Steps) progress.Say($"training, {settings.Training.Epochs} epochs: the last of {step.Steps} steps has {loss}");
        });
        return mlContext.VideoRetrieval.Trainers.MultiCaption(clip.CheckpointFolder, options).Fit(data);
    }
}
