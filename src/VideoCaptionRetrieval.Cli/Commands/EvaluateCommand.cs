using System.CommandLine;
using System.Globalization;
using Microsoft.ML;
using VideoCaptionRetrieval.Cli.Inputs;
using VideoCaptionRetrieval.Cli.Output;
using VideoCaptionRetrieval.Data;

namespace VideoCaptionRetrieval.Cli.Commands;

/// <summary>vcr evaluate: recall at k, ranks and mean reciprocal rank, text to video and video to text.</summary>
internal static class EvaluateCommand
{
    private const string QueryScoring = "query-scoring", Mean = "mean", Sets = "sets", Captions = "captions";

    private sealed record Settings(string Model, IReadOnlyList<string> Videos, string Queries, FramePooling? Pooling, int? Frames, VideoToTextProtocol Protocol);

    private sealed record QueryRow(string VideoId, string Text);

    internal static Command Create(CommandHost host)
    {
        var model = new Option<string>("--model") { Description = "A saved model, or a checkpoint folder.", Required = true };
        var videos = new Option<string[]>("--videos") { Description = VideoInputs.Help, Required = true, AllowMultipleArgumentsPerToken = true };
        var queries = new Option<string>("--queries") { Description = "A .jsonl file with \"video\" and \"text\".", Required = true };
        var pooling = new Option<string?>("--pooling") { Description = $"How frames are pooled: {QueryScoring} or {Mean}; the model's way by default." };
        pooling.AcceptOnlyFromAmong(QueryScoring, Mean);
        var frames = VideoInputs.FramesOption();
        var protocol = new Option<string>("--v2t")
        {
            Description = $"What competes in video to text: each video's {Sets} of captions (default), or single {Captions}.",
            DefaultValueFactory = _ => Sets,
        };
        protocol.AcceptOnlyFromAmong(Sets, Captions);
        var command = new Command("evaluate", "Measures how well texts find their videos, and videos their texts.") { model, videos, queries, pooling, frames, protocol };
        return host.Handle(command, (parsed, context) => Run(context, new(
            parsed.GetRequiredValue(model), parsed.GetRequiredValue(videos), parsed.GetRequiredValue(queries),
            parsed.GetValue(pooling) switch { QueryScoring => FramePooling.QueryScoring, Mean => FramePooling.Mean, _ => null },
            parsed.GetValue(frames), parsed.GetValue(protocol) == Captions ? VideoToTextProtocol.Captions : VideoToTextProtocol.Sets)));
    }

    private static int Run(CommandContext context, Settings settings)
    {
        var mlContext = context.CreateMLContext();
        var rows = JsonLines.Read(settings.Queries, line => new QueryRow(line.Clip().VideoId, line.RequiredText("text")));
        var queries = mlContext.Data.LoadFromEnumerable(rows);
        var clips = VideoListing.Read(settings.Videos);
        var videos = VideoInputs.Load(mlContext, clips);
        using var model = ModelReference.Open(mlContext, settings.Model);
        var chain = VideoInputs.Chain(mlContext, context, videos, model, settings.Frames ?? model.FrameCount);

        var evaluation = WorkProgress.Show(context, $"embedding {clips.Count:#,0} videos", clips.Count, progress =>
            mlContext.VideoRetrieval.Evaluate(chain, videos, queries, new()
            {
                Pooling = settings.Pooling,
                VideoToText = settings.Protocol,
                Progress = new DirectProgress<int>(progress.Report),
                CancellationToken = context.Cancellation,
            }));
        foreach (var skipped in evaluation.Skipped) context.Skip(skipped);
        context.Print(
            new
            {
                textToVideo = Json(evaluation.TextToVideo),
                videoToText = Json(evaluation.VideoToText),
                queriesWithoutVideo = evaluation.QueriesWithoutVideo,
                skipped = context.SkippedJson,
            },
            [Line("text to video", evaluation.TextToVideo), Line("video to text", evaluation.VideoToText), $"queries without a video: {evaluation.QueriesWithoutVideo}"]);
        return context.Finish(evaluation.TextToVideo.Queries);
    }

    private static object Json(RetrievalMetrics metrics) => new
    {
        r1 = Number(metrics.RecallAt1),
        r5 = Number(metrics.RecallAt5),
        r10 = Number(metrics.RecallAt10),
        r50 = Number(metrics.RecallAt50),
        medianRank = Number(metrics.MedianRank),
        meanRank = Number(metrics.MeanRank),
        mrr = Number(metrics.MeanReciprocalRank),
        queries = metrics.Queries,
    };

    private static double? Number(double value) => double.IsNaN(value) ? null : value;

    private static string Line(string direction, RetrievalMetrics metrics) => string.Create(CultureInfo.InvariantCulture,
        $"{direction}: R@1 {metrics.RecallAt1:0.0}  R@5 {metrics.RecallAt5:0.0}  R@10 {metrics.RecallAt10:0.0}  R@50 {metrics.RecallAt50:0.0}  "
        + $"median rank {metrics.MedianRank:0.#}  mean rank {metrics.MeanRank:0.0}  MRR {metrics.MeanReciprocalRank:0.000}  ({metrics.Queries})");
}
