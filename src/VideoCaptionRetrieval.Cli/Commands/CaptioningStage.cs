using Microsoft.ML;
using VideoCaptionRetrieval.Cli.Inputs;
using VideoCaptionRetrieval.Cli.Output;
using VideoCaptionRetrieval.Models;

namespace VideoCaptionRetrieval.Cli.Commands;

/// <summary>The stage that writes captions, for 'caption' and 'fit'.</summary>
internal static class CaptioningStage
{
    /// <summary>
    /// Makes it and opens its networks, so that faults of checkpoints show before long work starts. The caller disposes it.
    /// </summary>
    internal static ImageCaptionerTransformer Fit(MLContext mlContext, CommandContext context, IDataView frames, List<NamedCaptioner> captioners,
        Dictionary<FrameFormat, FrameColumn> columns, string store, WorkProgress progress)
    {
        var stage = mlContext.Transforms.CaptionFrames(new ImageCaptionerOptions
        {
            Captioners = [.. captioners.Select(captioner => captioner.Create(columns[captioner.Format]))],
            StorePath = store,
            Progress = new DirectProgress<CaptioningProgress>(done => progress.Report((int)done.Videos)),
            CancellationToken = context.Cancellation,
        }).Fit(frames);
        foreach (var network in stage.Captioners) network.Get();
        return stage;
    }
}
