using VideoCaptionRetrieval.TestSupport;
using VideoCaptionRetrieval.Training;

namespace VideoCaptionRetrieval.Tests.Training;

/// <summary>Reads the options that fixtures of training share.</summary>
internal static class TrainingFixtureOptions
{
    internal static SimilarityOptions SimilarityOptions(this FixtureCase fixture)
    {
        var pooling = fixture.Options["pooling"]?.GetValue<string>() ?? "query";
        if (pooling is not ("query" or "mean")) FixtureCase.BelongsToIssue("E", $"pooling '{pooling}'");
        return new(
            pooling == "mean" ? FramePooling.Mean : FramePooling.QueryScoring,
            fixture.Options["tau"]?.GetValue<double>() ?? MultiCaptionRetrievalOptions.DefaultTemperature,
            fixture.Options["normaliseFramesBeforePooling"]?.GetValue<bool>() ?? false);
    }
}
