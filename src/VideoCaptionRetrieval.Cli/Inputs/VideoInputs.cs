using System.CommandLine;
using Microsoft.ML;
using Microsoft.ML.Data;
using VideoCaptionRetrieval.Cli.Commands;
using VideoCaptionRetrieval.Cli.Output;
using VideoCaptionRetrieval.Data;
using VideoCaptionRetrieval.Models;

namespace VideoCaptionRetrieval.Cli.Inputs;

/// <summary>The videos that a command works on, and the frames that it takes of them.</summary>
internal static class VideoInputs
{
    internal const string Help = "Video files, folders that are searched below, or .jsonl lists with \"video\" and optionally \"start\" and \"end\".";

    internal static Argument<string[]> Argument(bool required = true) => new("PATH")
    {
        Description = Help,
        Arity = required ? ArgumentArity.OneOrMore : ArgumentArity.ZeroOrMore,
    };

    internal static Option<int?> FramesOption(string name = "--frames")
    {
        var option = new Option<int?>(name) { Description = $"Frames of a video; a saved model's count, else {FrameColumn.DefaultCount}." };
        option.Validators.Add(Validators.AtLeast(1));
        return option;
    }

    /// <summary>The clips as ML.NET data: VideoId, VideoPath, ClipStart, ClipEnd.</summary>
    internal static IDataView Load(MLContext mlContext, IReadOnlyList<VideoClip> clips) => mlContext.Data.LoadFromVideoClips(clips);

    /// <summary>A sampler that leaves unreadable videos to its caller and ends with the command.</summary>
    internal static FrameSampler Sampler(MLContext mlContext, CommandContext context, params IReadOnlyList<FrameColumn> columns) =>
        mlContext.Transforms.SampleFrames(new FrameSamplerOptions
        {
            Columns = columns,
            OnError = FrameErrorHandling.Report,
            CancellationToken = context.Cancellation,
        });

    /// <summary>Frames, then the model: what Evaluate and VideoIndex run.</summary>
    internal static ITransformer Chain(MLContext mlContext, CommandContext context, IDataView videos, MultiCaptionRetrievalTransformer model, int frameCount) =>
        new TransformerChain<ITransformer>(
            Sampler(mlContext, context, new FrameColumn(model.FramesColumn, model.FrameFormat, frameCount)).Fit(videos), model);
}
