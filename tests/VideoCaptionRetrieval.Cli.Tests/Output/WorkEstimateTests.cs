using VideoCaptionRetrieval.Cli.Output;

namespace VideoCaptionRetrieval.Cli.Tests.Output;

public sealed class WorkEstimateTests
{
    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);

    [Fact]
    public void Whole_SecondReport_PaceWithoutTheStart()
    {
        var estimate = new WorkEstimate();
        Assert.Null(estimate.Whole(1, 101, Seconds(2)));                                // 1.9 s of it opened the model
        Assert.Equal(Seconds(12), estimate.Whole(11, 101, Seconds(3)));
    }

    [Fact]
    public void Whole_OneSlowItem_IsTheEstimate() => Assert.Equal(Seconds(600), new WorkEstimate().Whole(1, 50, Seconds(12)));

    [Theory]
    [InlineData(11_400, "3 h 10 min")]
    [InlineData(3599, "1 h 0 min")]
    [InlineData(240, "4 min")]
    [InlineData(59.9, "60 s")]
    [InlineData(20, "20 s")]
    [InlineData(0.2, "1 s")]
    public void Duration_AnyTime_ForPeople(double seconds, string expected) => Assert.Equal(expected, WorkProgress.Duration(Seconds(seconds)));
}
