namespace VideoCaptionRetrieval.Experiments.Ablations;

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
