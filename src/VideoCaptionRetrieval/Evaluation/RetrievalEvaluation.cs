using VideoCaptionRetrieval.Evaluation;

namespace VideoCaptionRetrieval;

/// <summary>The result of an evaluation, both directions. Immutable, so thread-safe.</summary>
/// <param name="TextToVideo">For each query with a video: the rank of its video among all videos.</param>
/// <param name="VideoToText">For each video with a query: the rank of its best query among those of all other videos.</param>
/// <param name="QueriesWithoutVideo">
/// Queries whose video was not evaluated: left out of text to video, wrong candidates in video to text.
/// </param>
/// <param name="Skipped">Videos that could not be evaluated, with reasons.</param>
public sealed record RetrievalEvaluation(
    RetrievalMetrics TextToVideo, RetrievalMetrics VideoToText, int QueriesWithoutVideo, IReadOnlyList<SkippedVideo> Skipped)
{
    /// <summary>The ranks behind <see cref="TextToVideo"/>, in query order, queries without a video left out.</summary>
    public IReadOnlyList<double> TextToVideoRanks { get; init; } = [];

    /// <summary>
    /// The query of each of <see cref="TextToVideoRanks"/>, by its place among the queries, blank ones left out, from 0. Empty where the ranks are of
    /// all queries.
    /// </summary>
    public IReadOnlyList<int> TextToVideoQueries { get; init; } = [];

    /// <summary>Recalls of text to video that are expected where scores are tied.</summary>
    public ExpectedRecall ExpectedTextToVideo { get; init; } = ExpectedRecall.None;

    /// <summary>Recalls of video to text that are expected where scores are tied.</summary>
    public ExpectedRecall ExpectedVideoToText { get; init; } = ExpectedRecall.None;

    /// <summary>The number of queries without any text, which are left out.</summary>
    public int BlankQueries { get; init; }

    /// <summary>The ranks behind <see cref="VideoToText"/>, in video order, videos without a query left out.</summary>
    public IReadOnlyList<double> VideoToTextRanks { get; init; } = [];

    /// <summary>The number of similarities that are NaN, which never rank above a number. Above 0 where an embedding holds NaN.</summary>
    public int UndefinedSimilarities { get; init; }

    /// <summary>The number of queries whose similarity to their own video is NaN, and which get the worst rank.</summary>
    public int UndefinedQueries { get; init; }

    /// <summary>Computes bootstrap percentile intervals of <see cref="TextToVideo"/>.</summary>
    /// <param name="options">Resamples, confidence, seed; null for the defaults.</param>
    public RetrievalIntervals TextToVideoIntervals(BootstrapOptions? options = null) => Intervals(TextToVideoRanks, options);

    /// <summary>Computes bootstrap percentile intervals of <see cref="VideoToText"/>, by resampling videos.</summary>
    /// <param name="options">Resamples, confidence, seed; null for the defaults.</param>
    public RetrievalIntervals VideoToTextIntervals(BootstrapOptions? options = null) => Intervals(VideoToTextRanks, options);

    /// <summary>
    /// Compares text to video with that of another system, evaluated on the same queries in the same order. Queries that one of the two could not
    /// rank, because it lacks their video, are left out and counted.
    /// </summary>
    /// <param name="other">The second system; differences are this minus other.</param>
    /// <param name="options">Resamples, confidence, seed; null for the defaults.</param>
    /// <exception cref="ArgumentException">The other evaluation is of another number of queries, or there is none that both ranked.</exception>
    public RetrievalComparison CompareTextToVideo(RetrievalEvaluation other, BootstrapOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (Queries != other.Queries)
        {
            throw new ArgumentException($"The first system was evaluated on {Queries} queries and the second on {other.Queries}; expected the same ones.",
                nameof(other));
        }
        var resampling = Resampling(ref options);
        var paired = PairedRanks.Of(TextToVideoRanks, TextToVideoQueries, other.TextToVideoRanks, other.TextToVideoQueries);
        return PairedBootstrap.Compute(paired, resampling, options.Confidence);
    }

    private int Queries => TextToVideoRanks.Count + QueriesWithoutVideo;

    private static RetrievalIntervals Intervals(IReadOnlyList<double> ranks, BootstrapOptions? options)
    {
        var resampling = Resampling(ref options);
        return IntervalBootstrap.Compute(ranks, resampling, options.Confidence);
    }

    private static SeededResampling Resampling([System.Diagnostics.CodeAnalysis.NotNull] ref BootstrapOptions? options)
    {
        options ??= new();
        options.Validate();
        return new(options.Resamples, options.Seed);
    }
}
