using VideoCaptionRetrieval.Sampling;

namespace VideoCaptionRetrieval.Tests.Sampling;

public sealed class FrameTimelineTests
{
    private static readonly TimeBase _milliseconds = new(1, 1000);

    [Theory]
    [InlineData(-1, 100)]
    [InlineData(0, 100)]
    [InlineData(0.0399, 100)]
    [InlineData(0.04, 140)]
    [InlineData(0.9, 400)]
    [InlineData(1e9, 2000)]
    public void OnScreen_StartNotZero_CountsFromTheFirstFrame(double time, long expected)
    {
        var timeline = new FrameTimeline([2000, 100, 400, 140], _milliseconds, 40);
        Assert.Equal(expected, timeline.OnScreen(time));
        Assert.Equal(1.94, timeline.DecodedEnd, 12);
    }

    [Fact]
    public void OnScreen_FrameBeginsExactlyThen_IsThatFrame()
    {
        // 200 frames at 30000/1001 per second; the duration is rounded to the microsecond, below the exact value.
        var timeline = new FrameTimeline(Enumerable.Range(0, 200).Select(i => i * 1001L), new(1, 30000), 1001);
        var times = SegmentPlan.Times(0, 6.673333, 10);
        Assert.Equal(Enumerable.Range(0, 10).Select(k => ((20 * k) + 10) * 1001L), times.Select(timeline.OnScreen));
    }

    [Theory]
    [InlineData(null, 2)]
    [InlineData(2.04, 2.04)]
    [InlineData(1.95, 1.95)]
    [InlineData(7200.0, 2)]
    [InlineData(1.0, 2)]
    public void End_StatedDuration_HoldsUnlessFramesProveItWrong(double? stated, double expected)
    {
        var timeline = new FrameTimeline(Enumerable.Range(0, 50).Select(i => i * 40L), _milliseconds, 40);
        Assert.Equal(expected, timeline.End(stated), 12);
    }

    [Fact]
    public void End_SingleFrame_KeepsTheStatedDuration()
    {
        var timeline = new FrameTimeline([5], _milliseconds, null);
        Assert.Equal(0, timeline.End(null));
        Assert.Equal(30, timeline.End(30));
    }

    [Fact]
    public void DecodedEnd_LastDurationUnknown_TakesTheOneBefore() =>
        Assert.Equal(0.9, new FrameTimeline([0, 300, 600], _milliseconds, null).DecodedEnd, 12);
}
