using VideoCaptionRetrieval.Search.Sheets;

namespace VideoCaptionRetrieval.Search.Tests.Sheets;

public sealed class TimestampTests
{
    [Theory]
    [InlineData(0, "00:00")]
    [InlineData(41.99, "00:41")]
    [InlineData(3599, "59:59")]
    [InlineData(3600, "1:00:00")]
    [InlineData(90_061, "25:01:01")]
    [InlineData(double.NaN, "--:--")]
    public void Format_AnyTime_MinutesAndSeconds(double seconds, string expected) => Assert.Equal(expected, Timestamp.Format(seconds));

    [Theory]
    [InlineData(0, "00:00.0")]
    [InlineData(0.3, "00:00.3")]
    [InlineData(41.99, "00:41.9")]
    [InlineData(59.9999999, "01:00.0")]
    [InlineData(3600.5, "1:00:00.5")]
    [InlineData(double.NaN, "--:--")]
    public void FormatWithTenths_AnyTime_RoundedDown(double seconds, string expected) => Assert.Equal(expected, Timestamp.FormatWithTenths(seconds));
}
