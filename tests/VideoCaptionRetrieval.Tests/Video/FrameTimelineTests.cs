using VideoCaptionRetrieval.Video;
using VideoCaptionRetrieval.Video.Timeline;

namespace VideoCaptionRetrieval.Tests.Video;

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
        Assert.Equal(Enumerable.Range(0, 10).Select(k => ((20 * k) + 10) * 1001L), times.Select(time => timeline.OnScreen(time)!.Value));
    }

    [Fact]
    public void OnScreen_IntervalsOfAVideo_KnowsNothingBetweenThem()
    {
        var timeline = new FrameTimeline([new KnownInterval([1000, 1040], 1080), new([100], 101), new([500, 540, 580], 600)], _milliseconds, 2.0);
        Assert.Equal([100, 500, 540, 580, 1000, 1040], new[] { 0, 0.4, 0.45, 0.499, 0.9, 0.979 }.Select(timeline.OnScreen));
        Assert.All([0.001, 0.39, 0.5, 0.8, 0.98, 5], time => Assert.Null(timeline.OnScreen(time)));
        Assert.False(timeline.IsWhole);
    }

    [Fact]
    public void Join_IntervalsThatTouch_BecomeOne()
    {
        var joined = KnownInterval.Join([new([500, 540], 581), new([580, 620], 660), new([100], 101), new([540], 541)]);
        Assert.Equal([1, 4], joined.Select(interval => interval.Timestamps.Count));
        Assert.Equal(660, joined[1].Until);
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
