using VideoCaptionRetrieval.Cli.Output;

namespace VideoCaptionRetrieval.Cli.Tests.Output;

public sealed class ClockTests
{
    [Theory]
    [InlineData(0, "00:00")]
    [InlineData(41.99, "00:41")]
    [InlineData(3599, "59:59")]
    [InlineData(3600, "1:00:00")]
    [InlineData(90_061, "25:01:01")]
    [InlineData(double.NaN, "--:--")]
    public void Text_AnyMoment_ForPeople(double seconds, string expected) => Assert.Equal(expected, Clock.Text(seconds));
}
