using Microsoft.ML;
using VideoCaptionRetrieval.Retrieval;

namespace VideoCaptionRetrieval.Evaluation;

/// <summary>Evaluates a model on videos and queries.</summary>
internal static class ModelEvaluation
{
    /// <summary>Embeds the queries, then the videos; ranks; gives the metrics of both directions.</summary>
    internal static RetrievalEvaluation Run(ITransformer model, IDataView videos, IDataView queries, RetrievalEvaluationOptions options)
    {
        var stage = RetrievalStage.Of(model);
        // Queries first: a fault in them should not wait for the videos.
        var asked = RetrievalQueries.Read(queries, options.VideoIdColumnName, options.TextColumnName);
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
        return evaluator.Evaluate(
            [.. embedded.Select(video => video.Frames)], RetrievalQueries.Embed(asked, stage.Encoder),
            RetrievalQueries.Owners(asked, [.. embedded.Select(video => video.VideoId)]), stage.Dimension, reader.Skipped,
            options.CancellationToken);
    }
}
