using System.CommandLine;
using Microsoft.ML;
using Microsoft.ML.Data;
using VideoCaptionRetrieval.Cli.Output;
using VideoCaptionRetrieval.Data;

namespace VideoCaptionRetrieval.Cli.Inputs;

/// <summary>The videos that a command works on, and the frames that it takes of them.</summary>
internal static class VideoInputs
{
    internal const string Help = "Video files, folders that are searched below, or .jsonl lists with \"video\" and optionally \"start\" and \"end\".";

    /// <summary>PATH...; the command itself checks that there is one, since options may stand for it or swallow it.</summary>
    internal static Argument<string[]> Argument()
    {
        var paths = new Argument<string[]>("PATH") { Description = Help, Arity = ArgumentArity.ZeroOrMore };
        paths.Validators.Add(Validators.Paths());
        return paths;
    }

    /// <summary>Lists the clips of paths; what cannot be listed counts as skipped.</summary>
    internal static IReadOnlyList<VideoClip> List(CommandContext context, IReadOnlyList<string> paths)
    {
        var skipped = new List<SkippedVideo>();
        var clips = VideoListing.Read(paths, skipped);
        foreach (var one in skipped) context.Skip(one);
        return clips;
    }

    /// <summary>The clips as ML.NET data: VideoId, VideoPath, ClipStart, ClipEnd.</summary>
    internal static IDataView Load(MLContext mlContext, IReadOnlyList<VideoClip> clips) => mlContext.Data.LoadFromVideoClips(clips);

    /// <summary>Creates a sampler that reports unreadable videos in its rows and stops with the command.</summary>
    internal static FrameSampler Sampler(MLContext mlContext, CommandContext context, params IReadOnlyList<FrameColumn> columns)
    {
        var options = SamplerOptions(context);
        options.Columns = columns;
        return mlContext.Transforms.SampleFrames(options);
    }

    /// <summary>The options of such a sampler, without its columns.</summary>
    internal static FrameSamplerOptions SamplerOptions(CommandContext context) => new()
    {
        OnError = FrameErrorHandling.Report,
        Ffmpeg = context.Videos.Ffmpeg,
        Cache = context.Videos.Cache,
        ParallelVideos = context.Videos.ParallelVideos,
        CancellationToken = context.Cancellation,
    };

    /// <summary>Frames, then the model: what Evaluate and VideoIndex run.</summary>
    internal static ITransformer Chain(MLContext mlContext, CommandContext context, IDataView videos, MultiCaptionRetrievalTransformer model, int frameCount) =>
        new TransformerChain<ITransformer>(
            Sampler(mlContext, context, new FrameColumn(model.FramesColumn, model.FrameFormat, frameCount)).Fit(videos), model);
}
