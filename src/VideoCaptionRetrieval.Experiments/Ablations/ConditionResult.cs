using System.Text.Json.Serialization;
using VideoCaptionRetrieval.Evaluation;

namespace VideoCaptionRetrieval.Experiments.Ablations;

/// <summary>What became of a condition.</summary>
/// <param name="Temperature">τ that was used.</param>
/// <param name="Seconds">Wall time of training and tests.</param>
/// <param name="Tests">Scores by the name of the data set that was tested on.</param>
/// <param name="Warnings">What the training warned of.</param>
internal sealed record ConditionResult(
    double Temperature, double Seconds, IReadOnlyDictionary<string, PooledScores> Tests, IReadOnlyList<string> Warnings)
{
    /// <summary>
    /// The same scores under the names that the data sets have now, in the order in which they were tested on, with the videos of their queries: neither
    /// is kept with a result.
    /// </summary>
    internal ConditionResult For(IEnumerable<ExperimentData> tests) =>
        this with { Tests = tests.Zip(Tests.Values).ToDictionary(one => one.First.Name, one => one.Second.Clustered(one.First.QueryClusters)) };
}

/// <summary>A model's scores on one data set, for each pooling.</summary>
/// <param name="Mean">With mean pooling.</param>
/// <param name="QueryScoring">With query scoring.</param>
internal sealed record PooledScores(TestScores Mean, TestScores QueryScoring)
{
    /// <summary>Those of the pooling with the higher recall at 1.</summary>
    internal TestScores Better => Mean.TextToVideo.RecallAt1 >= QueryScoring.TextToVideo.RecallAt1 ? Mean : QueryScoring;

    internal PooledScores Clustered(IReadOnlyList<int> clusters) => new(Mean with { Clusters = clusters }, QueryScoring with { Clusters = clusters });

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
    private const int Resamples = 2000;

    /// <summary>The video of each query, as a number.</summary>
    [JsonIgnore]
    public IReadOnlyList<int> Clusters { get; init; } = [];

    internal static TestScores Of(RetrievalEvaluation evaluation) => new(evaluation.TextToVideo, evaluation.VideoToText, evaluation.TextToVideoRanks,
        evaluation.QueriesWithoutVideo == 0 ? null : evaluation.TextToVideoQueries);

    /// <summary>The paired difference in the recall at 1, this minus other, in percentage points; the queries of a video are resampled together.</summary>
    internal PairedDifference GainOver(TestScores other) => Gain([this], [other]);

    /// <summary>The same over the queries of several runs together.</summary>
    /// <param name="runs">The scores of one condition, seed after seed.</param>
    /// <param name="others">Those of another one, on the same tests.</param>
    internal static PairedDifference Gain(IReadOnlyList<TestScores> runs, IReadOnlyList<TestScores> others)
    {
        var (first, second, clusters) = (new List<double>(), new List<double>(), new List<int>());
        foreach (var (run, other) in runs.Zip(others))
        {
            var paired = PairedRanks.Of(run.Ranks, run.Queries ?? [], other.Ranks, other.Queries ?? [], run.Clusters.Count > 0 ? run.Clusters : null);
            var from = clusters.Count > 0 ? clusters.Max() + 1 : 0;
            clusters.AddRange(paired.Clusters.Count > 0 ? paired.Clusters.Select(cluster => from + cluster) : Enumerable.Range(from, paired.First.Count));
            first.AddRange(paired.First);
            second.AddRange(paired.Second);
        }
        return PairedBootstrap.Recall(new(first, second, 0, 0) { Clusters = clusters }, 1, new SeededResampling(Resamples, seed: 1), confidence: 0.95);
    }
}
