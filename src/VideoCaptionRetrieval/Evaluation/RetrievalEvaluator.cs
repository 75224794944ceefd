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

    /// <summary>
    /// Maximum number of similarities that an evaluation of embeddings holds at once, but at least those of one video with all queries. Results do not
    /// depend on it.
    /// </summary>
    internal int MaximumSimilarities { get; init; } = 1 << 24;

    /// <summary>Computes the similarities of all queries and videos: the mean, over a query's sentences, of the query score of each.</summary>
    /// <param name="videos">For each video its frame embeddings [N, D], un-normalised; N may differ, 0 gives NaN.</param>
    /// <param name="queries">For each query its sentence embeddings [L, D]; usually L = 1.</param>
    /// <param name="dimension">D.</param>
    /// <param name="cancellationToken">Cancels the work.</param>
    public SimilarityMatrix Similarities(
        IReadOnlyList<float[]> videos, IReadOnlyList<float[]> queries, int dimension, CancellationToken cancellationToken = default)
    {
        var similarities = Embedded(videos, queries, dimension, cancellationToken);
        if ((long)queries.Count * videos.Count > Array.MaxLength)
        {
            throw new ArgumentException(
                $"{queries.Count} queries x {videos.Count} videos exceed {Array.MaxLength} similarities; evaluate a part at a time.",
                nameof(queries));
        }
        return similarities.Compute(0, videos.Count, new float[queries.Count * videos.Count]);
    }

    /// <summary>Computes similarities, ranks and metrics, a block of videos at a time: memory need not hold all similarities.</summary>
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
        var similarities = Embedded(videos, queries, dimension, cancellationToken);
        var own = similarities.ToTargets(targets);
        var (textToVideo, videoToText) = (new TextToVideoRanks(targets, own), new VideoToTextRanks(targets, videos.Count, Protocol));
        var undefined = 0L;
        foreach (var (first, block) in similarities.Blocks(MaximumSimilarities))
        {
            textToVideo.Add(block, first);
            videoToText.Add(block, first);
            undefined += block.CountUndefined();
        }
        return Evaluation(targets, own, textToVideo.Counts, videoToText.Counts, undefined, skipped);
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
        var (byText, byVideo) = (reranking?.TextToVideo ?? similarities, reranking?.VideoToText ?? similarities);
        var textToVideo = new TextToVideoRanks(targets, byText.ToTargets(targets));
        textToVideo.Add(byText, 0);
        var videoToText = new VideoToTextRanks(targets, byVideo.Videos, Protocol);
        videoToText.Add(byVideo, 0);
        return Evaluation(
            targets, similarities.ToTargets(targets), textToVideo.Counts, videoToText.Counts, similarities.CountUndefined(), skipped);
    }

    private RetrievalEvaluation Evaluation(IReadOnlyList<int> targets, float[] own, RankCount[] textToVideo, RankCount[] videoToText,
        long undefined, IReadOnlyList<SkippedVideo>? skipped)
    {
        double[] Ranks(RankCount[] counts) => [.. counts.Select(count => count.Rank(TieRule))];
        var (ranks, videoRanks) = (Ranks(textToVideo), Ranks(videoToText));
        return new(RetrievalMetrics.Compute(ranks), RetrievalMetrics.Compute(videoRanks), targets.Count(target => target < 0), skipped ?? [])
        {
            TextToVideoRanks = ranks,
            TextToVideoQueries = [.. Enumerable.Range(0, targets.Count).Where(query => targets[query] >= 0)],
            VideoToTextRanks = videoRanks,
            ExpectedTextToVideo = ExpectedRecall.Compute(textToVideo),
            ExpectedVideoToText = ExpectedRecall.Compute(videoToText),
            UndefinedSimilarities = (int)Math.Min(undefined, int.MaxValue),
            UndefinedQueries = Enumerable.Range(0, targets.Count).Count(query => targets[query] >= 0 && float.IsNaN(own[query])),
        };
    }

    private EmbeddingSimilarities Embedded(
        IReadOnlyList<float[]> videos, IReadOnlyList<float[]> queries, int dimension, CancellationToken cancellationToken) =>
        new(videos, queries, dimension, Scoring) { Threads = new() { MaxDegreeOfParallelism = MaximumThreads, CancellationToken = cancellationToken } };

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
