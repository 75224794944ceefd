using VideoCaptionRetrieval.Objective;

namespace VideoCaptionRetrieval.Evaluation;

/// <summary>Computes similarities and metrics from embeddings. Thread-safe; results do not depend on the number of threads.</summary>
public sealed class RetrievalEvaluator
{
    /// <summary>Pooling and τ.</summary>
    public FrameScoring Scoring { get; init; } = FrameScoring.Default;

    /// <summary>How ties count in a rank.</summary>
    internal TieRule TieRule { get; init; }

    /// <summary>What counts as a candidate in video to text.</summary>
    internal VideoToTextProtocol Protocol { get; init; }

    /// <summary>Maximum number of threads that compute similarities; −1 = all.</summary>
    internal int MaximumThreads { get; init; } = -1;

    /// <summary>Computes the similarities of all queries and videos: the mean, over a query's sentences, of the query score of each.</summary>
    /// <param name="videos">For each video its frame embeddings [N, D], un-normalised; N may differ, 0 gives NaN.</param>
    /// <param name="queries">For each query its sentence embeddings [L, D]; usually L = 1.</param>
    /// <param name="dimension">D.</param>
    /// <param name="cancellationToken">Cancels the work.</param>
    public SimilarityMatrix Similarities(
        IReadOnlyList<float[]> videos, IReadOnlyList<float[]> queries, int dimension, CancellationToken cancellationToken = default)
    {
        CheckShapes(videos, dimension, "video", allowEmpty: true);
        CheckShapes(queries, dimension, "query", allowEmpty: false);
        var lengths = queries.Select(query => Lengths(query, dimension)).ToArray();
        if ((long)queries.Count * videos.Count > Array.MaxLength)
        {
            throw new ArgumentException(
                $"{queries.Count} queries x {videos.Count} videos exceed {Array.MaxLength} similarities; evaluate a part at a time.",
                nameof(queries));
        }
        var similarities = new float[queries.Count * videos.Count];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = MaximumThreads, CancellationToken = cancellationToken };
        // One video's frames stay in the processor's cache for all queries.
        Parallel.For(0, videos.Count, parallel, video =>
        {
            var frameLengths = Lengths(videos[video], dimension);
            for (var query = 0; query < queries.Count; query++)
                similarities[query * videos.Count + video] =
                    (float)Similarity(videos[video], frameLengths, queries[query], lengths[query], dimension);
        });
        return new(similarities, queries.Count, videos.Count);
    }

    /// <summary>Computes similarities, ranks and metrics.</summary>
    /// <param name="videos">As for <see cref="Similarities"/>.</param>
    /// <param name="queries">As for <see cref="Similarities"/>.</param>
    /// <param name="targets">For each query the index of its video, or −1 where that is absent.</param>
    /// <param name="dimension">D.</param>
    /// <param name="skipped">Videos that were left out, reported in the result.</param>
    /// <param name="cancellationToken">Cancels the work.</param>
    public RetrievalEvaluation Evaluate(IReadOnlyList<float[]> videos, IReadOnlyList<float[]> queries, IReadOnlyList<int> targets,
        int dimension, IReadOnlyList<SkippedVideo>? skipped = null, CancellationToken cancellationToken = default)
    {
        CheckTargets(targets, queries.Count, videos.Count);
        return Evaluate(Similarities(videos, queries, dimension, cancellationToken), targets, skipped);
    }

    /// <summary>Computes ranks and metrics of given similarities.</summary>
    /// <param name="similarities">[queries, videos].</param>
    /// <param name="targets">For each query the index of its video, or −1 where that is absent.</param>
    /// <param name="skipped">Videos that were left out, reported in the result.</param>
    /// <param name="reranking">The scores of re-ranked candidates; null = rank by the similarities.</param>
    public RetrievalEvaluation Evaluate(SimilarityMatrix similarities, IReadOnlyList<int> targets,
        IReadOnlyList<SkippedVideo>? skipped = null, MatchReranking? reranking = null)
    {
        CheckTargets(targets, similarities.Queries, similarities.Videos);
        var textToVideo = TextToVideoRanks.Compute(reranking?.TextToVideo ?? similarities, targets);
        var videoToText = VideoToTextRanks.Compute(reranking?.VideoToText ?? similarities, targets, Protocol);
        double[] Ranks(RankCount[] counts) => [.. counts.Select(count => count.Rank(TieRule))];
        var (ranks, videoRanks) = (Ranks(textToVideo), Ranks(videoToText));
        return new(RetrievalMetrics.Compute(ranks), RetrievalMetrics.Compute(videoRanks), targets.Count(target => target < 0), skipped ?? [])
        {
            TextToVideoRanks = ranks,
            TextToVideoQueries = [.. Enumerable.Range(0, targets.Count).Where(query => targets[query] >= 0)],
            VideoToTextRanks = videoRanks,
            ExpectedTextToVideo = ExpectedRecall.Compute(textToVideo),
            ExpectedVideoToText = ExpectedRecall.Compute(videoToText),
            UndefinedSimilarities = similarities.CountUndefined(),
            UndefinedQueries = Enumerable.Range(0, targets.Count)
                .Count(query => targets[query] >= 0 && float.IsNaN(similarities.Row(query)[targets[query]])),
        };
    }

    private double Similarity(float[] frames, double[] frameLengths, float[] sentences, double[] sentenceLengths, int dimension)
    {
        double total = 0;
        for (var l = 0; l < sentenceLengths.Length; l++)
        {
            var sentence = sentences.AsSpan(l * dimension, dimension);
            total += QueryScoring.Score(frames, frameLengths, sentence, sentenceLengths[l], Scoring).Score;
        }
        return total / sentenceLengths.Length;
    }

    private static double[] Lengths(float[] rows, int dimension)
    {
        var lengths = new double[rows.Length / dimension];
        QueryScoring.Lengths(rows, dimension, lengths);
        return lengths;
    }

    private static void CheckShapes(IReadOnlyList<float[]> items, int dimension, string what, bool allowEmpty)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        for (var at = 0; at < items.Count; at++)
        {
            if (items[at].Length % dimension != 0 || (items[at].Length == 0 && !allowEmpty))
                throw new ArgumentException($"The embeddings of {what} {at} hold {items[at].Length} values; expected rows of {dimension}.");
        }
    }

    private static void CheckTargets(IReadOnlyList<int> targets, int queries, int videos)
    {
        if (targets.Count != queries)
            throw new ArgumentException(
                $"There are {queries} queries and {targets.Count} targets; expected one target for each query.", nameof(targets));
        for (var query = 0; query < queries; query++)
        {
            if (targets[query] < -1 || targets[query] >= videos)
            {
                throw new ArgumentException(
                    $"The target of query {query} is '{targets[query]}'; expected the index of one of {videos} videos, or -1 for none.",
                    nameof(targets));
            }
        }
    }
}

/// <summary>Similarities [queries, videos], row by row; larger is more similar, NaN is undefined.</summary>
public sealed class SimilarityMatrix
{
    private readonly float[] _values;

    internal SimilarityMatrix(float[] values, int queries, int videos)
    {
        if (values.LongLength != (long)queries * videos)
            throw new ArgumentException(
                $"The matrix holds {values.Length} values; expected {queries} queries x {videos} videos.", nameof(values));
        (_values, Queries, Videos) = (values, queries, videos);
    }

    internal int Queries { get; }

    internal int Videos { get; }

    /// <summary>The similarities of one query to all videos.</summary>
    internal ReadOnlySpan<float> Row(int query) => _values.AsSpan(query * Videos, Videos);

    /// <summary>Counts the undefined similarities.</summary>
    internal int CountUndefined()
    {
        var count = 0;
        foreach (var value in _values)
            if (float.IsNaN(value)) count++;
        return count;
    }
}
