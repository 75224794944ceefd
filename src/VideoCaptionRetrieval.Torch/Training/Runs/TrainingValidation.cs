using VideoCaptionRetrieval.Data;
using VideoCaptionRetrieval.Evaluation;
using VideoCaptionRetrieval.Objective;
using VideoCaptionRetrieval.Torch.DualEncoders;
using VideoCaptionRetrieval.Torch.Training.Data;

namespace VideoCaptionRetrieval.Torch.Training.Runs;

/// <summary>
/// Measures text-to-video retrieval on the validation set, with the frames that a test takes. They are decoded the first time, ahead of the network
/// and side by side, and kept in a temporary file. Used by one thread; dispose it to delete the file.
/// </summary>
internal sealed class TrainingValidation : IDisposable
{
    private const int VideosAtOnce = 8, BatchesAhead = 2;

    private readonly TorchDualEncoder _encoder;
    private readonly FrameScoring _scoring;
    private readonly IReadOnlyList<RetrievalQuery> _queries;
    private readonly List<UnreadableItem> _unreadable = [];
    private readonly VideoSet _videos;
    private FramePool? _decoded;

    /// <param name="encoder">The network that is trained.</param>
    /// <param name="videos">The validation set.</param>
    /// <param name="scoring">Pooling and τ.</param>
    /// <param name="queries">What is asked for, some of it about these videos; null: each caption is a query for its video.</param>
    /// <exception cref="ArgumentException">No query is about one of the videos.</exception>
    internal TrainingValidation(TorchDualEncoder encoder, VideoSet videos, FrameScoring scoring, IReadOnlyList<RetrievalQuery>? queries)
    {
        (_encoder, _videos, _scoring) = (encoder, videos, scoring);
        _queries = queries is null
            ? [.. videos.Items.SelectMany(item => item.Captions.Select(caption => new RetrievalQuery(item.Clip.VideoId, [caption])))]
            : Known(queries, videos);
    }

    /// <summary>The videos that could not be read, so far.</summary>
    internal IReadOnlyList<SkippedVideo> Skipped =>
        [.. _unreadable.Select(one => new SkippedVideo(_videos.Items[one.Item].Clip.VideoId, one.Reason))];

    internal RetrievalMetrics Measure(CancellationToken cancellationToken)
    {
        var (names, embedded) = (new List<string>(), new List<float[]>());
        foreach (var (item, frames) in Frames(cancellationToken))
        {
            var embeddings = new float[_videos.FrameCount * _encoder.Dimension];
            _encoder.EmbedFrames(frames.Span, _videos.FrameCount, embeddings);
            names.Add(item.Clip.VideoId);
            embedded.Add(embeddings);
        }
        return new RetrievalEvaluator { Scoring = _scoring }.Evaluate(embedded, RetrievalQueries.Embed(_queries, _encoder),
            RetrievalQueries.FindTargets(_queries, names), _encoder.Dimension, cancellationToken: cancellationToken).TextToVideo;
    }

    public void Dispose() => _decoded?.Dispose();

    /// <summary>The videos that can be read, and their frames, which are valid until the next ones are asked for.</summary>
    private IEnumerable<(TrainingItem Item, ReadOnlyMemory<byte> Frames)> Frames(CancellationToken cancellationToken)
    {
        var source = _decoded is null ? _videos : _videos with { Source = _decoded };
        var keep = source.Source is FramePool ? null : new FramePool(source.Source.Format, _videos.FrameCount);
        try
        {
            var loader = new FrameLoader(source, [.. _unreadable.Select(one => one.Item)], forTest: true);
            var plans = Enumerable.Range(0, _videos.Items.Count).Chunk(VideosAtOnce).Select((items, step) => new BatchIndices(0, step, items));
            using var batches = new Prefetch<LoadedBatch>(stop => plans.Select(plan => loader.Load(plan, stop)), BatchesAhead, cancellationToken);
            foreach (var batch in batches.Take())
            {
                using (batch)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    _unreadable.AddRange(batch.Unreadable);
                    for (var i = 0; i < batch.Items.Length; i++)
                    {
                        var (item, frames) = (_videos.Items[batch.Items[i]], batch.Frames.AsMemory(i * _videos.BytesPerVideo, _videos.BytesPerVideo));
                        keep?.Add(item.Clip, frames.Span);
                        yield return (item, frames);
                    }
                }
            }
            keep?.Flush();
            (_decoded, keep) = (keep ?? _decoded, null);
        }
        finally
        {
            keep?.Dispose();        // it was ended before all were decoded
        }
    }

    private static List<RetrievalQuery> Known(IReadOnlyList<RetrievalQuery> queries, VideoSet videos)
    {
        var names = videos.Items.Select(item => VideoListing.Normalise(item.Clip.VideoId)).ToHashSet(StringComparer.Ordinal);
        var known = queries.Where(query => names.Contains(VideoListing.Normalise(query.VideoId))).ToList();
        return known.Count > 0
            ? known
            : throw new ArgumentException($"None of the {queries.Count} validation queries is about one of the {names.Count} validation videos. Queries name "
                + $"videos as the data does, such as '{videos.Items[0].Clip.VideoId}'; the first is about '{queries[0].VideoId}'.");
    }
}
