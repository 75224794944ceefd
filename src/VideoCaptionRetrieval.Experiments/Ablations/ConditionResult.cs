using VideoCaptionRetrieval.Evaluation;

namespace VideoCaptionRetrieval.Experiments.Ablations;

/// <summary>What became of a condition.</summary>
/// <param name="Temperature">τ that was used.</param>
/// <param name="Seconds">Wall time of training and tests.</param>
/// <param name="Tests">Scores by the name of the data set that was tested on.</param>
internal sealed record ConditionResult(double Temperature, double Seconds, IReadOnlyDictionary<string, PooledScores> Tests)
{
    /// <summary>The same scores under other names of the data sets, in the order in which they were tested on: a kept result has the names of its time.</summary>
    internal ConditionResult Named(IEnumerable<string> names) => this with { Tests = names.Zip(Tests.Values).ToDictionary(one => one.First, one => one.Second) };
}

/// <summary>A model's scores on one data set, for each pooling.</summary>
/// <param name="Mean">With mean pooling.</param>
/// <param name="QueryScoring">With query scoring.</param>
internal sealed record PooledScores(TestScores Mean, TestScores QueryScoring)
{
    /// <summary>Those of the pooling with the higher recall at 1.</summary>
    internal TestScores Better => Mean.TextToVideo.RecallAt1 >= QueryScoring.TextToVideo.RecallAt1 ? Mean : QueryScoring;

    internal TestScores Of(FramePooling pooling) => pooling switch
    {
        FramePooling.Mean => Mean,
        FramePooling.QueryScoring => QueryScoring,
        _ => throw new ArgumentOutOfRangeException(nameof(pooling), pooling, $"The pooling '{pooling}' is not known."),
    };
}

/// <summary>A model's scores on the test videos of a data set, for one pooling.</summary>
/// <param name="TextToVideo">Metrics of texts that look for videos.</param>
/// <param name="VideoToText">Metrics of videos that look for texts.</param>
/// <param name="Ranks">The rank of each query's video, in the order of the queries.</param>
/// <param name="Queries">The query of each rank, by its place among all; null where the ranks are of all queries.</param>
internal sealed record TestScores(
    RetrievalMetrics TextToVideo, RetrievalMetrics VideoToText, IReadOnlyList<double> Ranks, IReadOnlyList<int>? Queries = null)
{
    internal static TestScores Of(RetrievalEvaluation evaluation) => new(evaluation.TextToVideo, evaluation.VideoToText, evaluation.TextToVideoRanks,
        evaluation.QueriesWithoutVideo == 0 ? null : evaluation.TextToVideoQueries);

    /// <summary>The paired difference in the recall at 1, this minus other, in percentage points.</summary>
    internal PairedDifference GainOver(TestScores other) =>
        PairedBootstrap.Recall(PairedRanks.Of(Ranks, Queries ?? [], other.Ranks, other.Queries ?? []), 1, new SeededResampling(Resamples, seed: 1), confidence: 0.95);

    private const int Resamples = 2000;
}
