using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Microsoft.ML;
using VideoCaptionRetrieval.Cli.Inputs;
using VideoCaptionRetrieval.Cli.Output;
using VideoCaptionRetrieval.Data;

namespace VideoCaptionRetrieval.Cli.Commands;

/// <summary>vcr evaluate: recall at k, ranks and mean reciprocal rank, text to video and video to text.</summary>
internal static class EvaluateCommand
{
    private const string Sets = "sets", Captions = "captions";

    private static readonly Dictionary<string, FramePooling> _poolings =
        Enum.GetValues<FramePooling>().ToDictionary(pooling => JsonNamingPolicy.KebabCaseLower.ConvertName(pooling.ToString()));

    private sealed record Settings(string Model, IReadOnlyList<string> Videos, string Queries, FramePooling? Pooling, int? Frames, VideoToTextProtocol Protocol, int? Rerank);

    private sealed record QueryRow(string VideoId, string Text);

    internal static Command Create(CommandHost host)
    {
        var model = CommonOptions.Model("--model", "The model to measure");
        var videos = new Option<string[]>("--videos") { Description = VideoInputs.Help, HelpName = "PATH...", Required = true, AllowMultipleArgumentsPerToken = true };
        videos.Validators.Add(Validators.Paths());
        var queries = new Option<string>("--queries") { Description = "Lines with \"video\" and \"text\"; several may be about one video.", HelpName = "FILE", Required = true };
        var pooling = new Option<string?>("--pooling") { Description = "How frames are pooled; default the model's own." };
        pooling.AcceptOnlyFromAmong([.. _poolings.Keys]);
        var frames = CommonOptions.Frames();
        var protocol = new Option<string>("--v2t")
        {
            Description = $"What competes in video to text: each video's {Sets} of captions, or single {Captions}.",
            DefaultValueFactory = _ => Sets,
        };
        protocol.AcceptOnlyFromAmong(Sets, Captions);
        var rerank = new Option<int?>("--rerank")
        {
            Description = "Re-rank the N best candidates of each query by a BLIP's matching head; its authors take 128. Videos are read twice.",
            HelpName = "N",
        };
        rerank.Validators.Add(Validators.AtLeast(1));
        var command = new Command("evaluate", "Measure how well texts find their videos, and videos their texts.") { model, videos, queries, pooling, frames, protocol, rerank };
        return host.HandleVideos(command, (parsed, context) => Run(context, new(
            parsed.GetRequiredValue(model), parsed.GetRequiredValue(videos), parsed.GetRequiredValue(queries),
            parsed.GetValue(pooling) is { } name ? _poolings[name] : null,
            parsed.GetValue(frames), parsed.GetValue(protocol) == Captions ? VideoToTextProtocol.Captions : VideoToTextProtocol.Sets, parsed.GetValue(rerank))));
    }

    private static int Run(CommandContext context, Settings settings)
    {
        var mlContext = context.CreateMLContext();
        var rows = JsonLines.Read(settings.Queries, line => new QueryRow(line.Clip().VideoId, line.RequiredText("text")));
        if (rows.All(row => string.IsNullOrWhiteSpace(row.Text))) throw QueryLines.None(settings.Queries);
        var clips = VideoInputs.List(context, settings.Videos);
        QueryNames.Check(context, settings.Queries, [.. rows.Where(row => !string.IsNullOrWhiteSpace(row.Text)).Select(row => row.VideoId)], clips);
        var videos = VideoInputs.Load(mlContext, clips);
        using var model = ModelReference.Open(mlContext, settings.Model);
        var chain = VideoInputs.Chain(mlContext, context, videos, model, settings.Frames ?? model.FrameCount);

        var evaluation = WorkProgress.Show(context, progress =>
        {
            if (settings.Rerank is null) progress.Begin(Invariant($"embedding {clips.Count:#,0} videos"), clips.Count);
            else progress.Begin(Invariant($"embedding {clips.Count:#,0} videos, then reading them again to re-rank"), 2 * clips.Count);
            return mlContext.VideoRetrieval.Evaluate(chain, videos, mlContext.Data.LoadFromEnumerable(rows), new()
            {
                Pooling = settings.Pooling,
                VideoToText = settings.Protocol,
                Rerank = settings.Rerank,
                Progress = new DirectProgress<int>(done => progress.Report(done)),
                CancellationToken = context.Cancellation,
            });
        });
        foreach (var skipped in evaluation.Skipped) context.Skip(skipped);
        Print(context, evaluation);
        if (evaluation.BlankQueries > 0) context.Report($"{evaluation.BlankQueries} lines of '{settings.Queries}' have a blank text and are left out.");
        var done = context.Finish(context.Done(clips).Count());
        if (evaluation.TextToVideo.Queries > 0) return done;
        context.Report("No query is about a video that could be read.");
        return ExitCode.Failed;
    }

    private static void Print(CommandContext context, RetrievalEvaluation evaluation) => context.Print(
        new
        {
            textToVideo = Json(evaluation.TextToVideo, evaluation.ExpectedTextToVideo),
            videoToText = Json(evaluation.VideoToText, evaluation.ExpectedVideoToText),
            queriesWithoutVideo = evaluation.QueriesWithoutVideo,
            skipped = context.SkippedJson,
        },
        [
            Line("text to video", evaluation.TextToVideo, "queries"), .. Tied("text to video", evaluation.TextToVideo, evaluation.ExpectedTextToVideo),
            Line("video to text", evaluation.VideoToText, "videos"), .. Tied("video to text", evaluation.VideoToText, evaluation.ExpectedVideoToText),
            $"queries without a video: {evaluation.QueriesWithoutVideo}",
        ]);

    private static object Json(RetrievalMetrics metrics, ExpectedRecall expected) => new
    {
        r1 = metrics.RecallAt1,
        r5 = metrics.RecallAt5,
        r10 = metrics.RecallAt10,
        r50 = metrics.RecallAt50,
        medianRank = metrics.MedianRank,
        meanRank = metrics.MeanRank,
        mrr = metrics.MeanReciprocalRank,
        queries = metrics.Queries,
        expectedR1 = expected.At1,
        expectedR5 = expected.At5,
        expectedR10 = expected.At10,
        expectedR50 = expected.At50,
    };

    /// <summary>The recalls that are expected where scores are tied, if they are others.</summary>
    private static IEnumerable<string> Tied(string direction, RetrievalMetrics metrics, ExpectedRecall expected)
    {
        var counted = new ExpectedRecall(metrics.RecallAt1, metrics.RecallAt5, metrics.RecallAt10, metrics.RecallAt50);
        if (counted == expected) yield break;
        yield return string.Create(CultureInfo.InvariantCulture, $"{direction}, expected where tied scores come in random order: "
            + $"R@1 {expected.At1:0.0}  R@5 {expected.At5:0.0}  R@10 {expected.At10:0.0}  R@50 {expected.At50:0.0}");
    }

    private static string Line(string direction, RetrievalMetrics metrics, string counted) => metrics.Queries == 0
        ? $"{direction}: no {counted} to count"
        : string.Create(CultureInfo.InvariantCulture,
        $"{direction}: R@1 {metrics.RecallAt1:0.0}  R@5 {metrics.RecallAt5:0.0}  R@10 {metrics.RecallAt10:0.0}  R@50 {metrics.RecallAt50:0.0}  "
        + $"median rank {metrics.MedianRank:0.#}  mean rank {metrics.MeanRank:0.0}  MRR {metrics.MeanReciprocalRank:0.000}  ({metrics.Queries} {counted})");
}
