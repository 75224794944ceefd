namespace VideoCaptionRetrieval.Search.Tests;

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

    [Theory]
    [InlineData(0, "00:00.0")]
    [InlineData(0.3, "00:00.3")]
    [InlineData(41.99, "00:41.9")]
    [InlineData(59.9999999, "01:00.0")]
    [InlineData(3600.5, "1:00:00.5")]
    [InlineData(double.NaN, "--:--")]
    public void TextWithTenths_AnyMoment_RoundedDown(double seconds, string expected) => Assert.Equal(expected, Clock.TextWithTenths(seconds));
}
