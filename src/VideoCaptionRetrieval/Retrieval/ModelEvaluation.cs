using Microsoft.ML;
using VideoCaptionRetrieval.Evaluation;
using VideoCaptionRetrieval.Models;

namespace VideoCaptionRetrieval.Retrieval;

/// <summary>Evaluates a model on videos and queries.</summary>
internal static class ModelEvaluation
{
    /// <summary>Embeds queries and videos, ranks, and computes the metrics of both directions.</summary>
    internal static RetrievalEvaluation Run(ITransformer model, IDataView videos, IDataView queryRows, RetrievalEvaluationOptions options)
    {
        var stage = RetrievalStage.Find(model);
        // Queries are read first, so that a fault in them shows before the videos are embedded.
        var matcher = Matcher(stage, options.Rerank);
        var queries = RetrievalQueries.Read(queryRows, options.VideoIdColumnName, options.TextColumnName, out var blank);
        var reader = new EmbeddedVideoReader(model, options.VideoIdColumnName);
        var embedded = new List<EmbeddedVideo>();
        foreach (var video in reader.Read(videos, options.CancellationToken))
        {
            embedded.Add(video);
            options.Progress?.Report(embedded.Count);
        }
        var evaluator = new RetrievalEvaluator
        {
            Scoring = stage.Scoring with { Pooling = options.Pooling ?? stage.Scoring.Pooling },
            TieRule = options.TieRule,
            Protocol = options.VideoToText,
        };
        var names = embedded.Select(video => video.VideoId).ToList();
        var (frames, texts) = (embedded.Select(video => video.Frames).ToList(), RetrievalQueries.Embed(queries, stage.Encoder));
        var targets = RetrievalQueries.FindTargets(queries, names);
        if (matcher is null) return evaluator.Evaluate(frames, texts, targets, stage.Dimension, reader.Skipped, options.CancellationToken) with { BlankQueries = blank };
        var similarities = evaluator.Similarities(frames, texts, stage.Dimension, options.CancellationToken);
        var reranking = Rerank(matcher, reader, videos, names, queries, new(similarities, options.Rerank!.Value), options);
        return evaluator.Evaluate(similarities, targets, reader.Skipped, reranking) with { BlankQueries = blank };
    }

    /// <summary>Returns the network's matching head; null where nothing is re-ranked.</summary>
    private static IVideoMatcher? Matcher(MultiCaptionRetrievalTransformer stage, int? count)
    {
        if (count is null) return null;
        if (count < 1) throw new ArgumentException($"{nameof(RetrievalEvaluationOptions.Rerank)} is '{count}'; expected null or at least 1.");
        return VideoMatching.Require(stage);
    }

    /// <summary>
    /// Re-ranks by reading the videos a second time, so that memory holds the states of one video at a time: 14 MB for 8 frames of 384 pixels.
    /// </summary>
    private static MatchReranking Rerank(IVideoMatcher matcher, EmbeddedVideoReader reader, IDataView videos, List<string> names,
        List<RetrievalQuery> queries, MatchReranking reranking, RetrievalEvaluationOptions options)
    {
        var (candidates, video) = (reranking.QueriesByVideo(), 0);
        var wanted = names.ToHashSet(StringComparer.Ordinal);
        foreach (var (name, frames) in reader.ReadFrames(videos, wanted.Contains, options.CancellationToken))
        {
            if (video == names.Count || names[video] != name) throw Changed(name);
            var logits = VideoMatching.Logits(matcher, frames, [.. candidates[video].Select(query => queries[query].Sentences)]);
            reranking.Set(video, candidates[video], logits);
            video++;
            options.Progress?.Report(names.Count + video);
        }
        return video == names.Count ? reranking : throw Changed(names[video]);
    }

    private static InvalidOperationException Changed(string name) => new(
        $"Video '{name}' could be read once and not the other time that re-ranking needs it, or the rows are in another order. "
        + "Files and data must not change during an evaluation.");
}
