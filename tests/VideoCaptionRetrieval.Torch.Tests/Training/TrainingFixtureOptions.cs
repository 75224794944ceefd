using VideoCaptionRetrieval.Objective;
using VideoCaptionRetrieval.TestSupport;

namespace VideoCaptionRetrieval.Torch.Tests.Training;

/// <summary>Reads the options that fixtures of training share.</summary>
internal static class TrainingFixtureOptions
{
    internal static FrameScoring FrameScoring(this FixtureCase fixture)
    {
        var pooling = fixture.Options["pooling"]?.GetValue<string>() ?? "query";
        if (pooling is not ("query" or "mean")) Assert.Fail($"pooling '{pooling}'");
        return new()
        {
            Pooling = pooling == "mean" ? FramePooling.Mean : FramePooling.QueryScoring,
            Temperature = fixture.Options["tau"]?.GetValue<double>() ?? VideoCaptionRetrieval.Objective.FrameScoring.DefaultTemperature,
            NormaliseFrames = fixture.Options["normaliseFramesBeforePooling"]?.GetValue<bool>() ?? false,
        };
    }
}
