namespace VideoCaptionRetrieval.Experiments.Ablations;

/// <summary>A model's scores on the test videos of a data set, for one pooling.</summary>
/// <param name="TextToVideo">Metrics of texts that look for videos.</param>
/// <param name="VideoToText">Metrics of videos that look for texts.</param>
/// <param name="Ranks">The rank of each query's video, in the order of the queries.</param>
internal sealed record TestScores(RetrievalMetrics TextToVideo, RetrievalMetrics VideoToText, IReadOnlyList<double> Ranks)
{
    internal static TestScores Of(RetrievalEvaluation evaluation) =>
        new(evaluation.TextToVideo, evaluation.VideoToText, evaluation.TextToVideoRanks);

    /// <summary>The paired difference in the recall at 1, this minus other, in percentage points.</summary>
    internal PairedDifference GainOver(TestScores other) =>
        Evaluation.PairedBootstrap.Recall(Ranks, other.Ranks, 1, new Evaluation.SeededResampling(Resamples, seed: 1), confidence: 0.95);

    private const int Resamples = 2000;
}
