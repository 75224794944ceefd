using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.Video;

namespace VideoCaptionRetrieval.Tests.Video;

public sealed class FrameSelectionTests
{
    private static readonly SelectionRange _range = new(2, 7, () => [0, 1, 3, 4, 6.5, 7, 9]);

    [Fact]
    public void Times_Every_FromTheStartToBeforeTheEnd()
    {
        Assert.Equal([2, 4, 6], FrameSelection.Every(2).Times(_range, null, null));
        Assert.Equal([2, 4.5], FrameSelection.Every(2.5).Times(_range, null, null));     // 7 is what follows
        Assert.Equal([2], FrameSelection.Every(100).Times(_range, null, null));
        Assert.Equal(10, FrameSelection.Every(0.1).Times(new(0, 1, () => []), null, null).Count);
        Assert.Equal([0], FrameSelection.Every(1).Times(new(0, 0, () => []), null, null));
    }

    [Fact]
    public void Times_At_AscendingFromTheStartOfTheClip() =>
        Assert.Equal([2, 3.5, 11], FrameSelection.At(1.5, 9, 0).Times(_range, null, null));

    [Fact]
    public void Times_KeyFrames_ThoseInTheClipOrItsStart()
    {
        Assert.Equal([3, 4, 6.5], FrameSelection.KeyFrames.Times(_range, null, null));
        Assert.Equal([4.5], FrameSelection.KeyFrames.Times(new(4.5, 5, () => [0, 4, 6]), null, null));
    }

    [Theory]
    [InlineData(1, new[] { 4.0 })]
    [InlineData(2, new[] { 3.0, 5 })]
    [InlineData(5, new[] { 2.0, 3, 4, 5, 6 })]
    [InlineData(10, new[] { 2.0, 2, 3, 3, 4, 4, 5, 5, 6, 6 })]
    public void Times_OtherCountThanTheList_MiddlesOfEqualParts(int count, double[] expected) =>
        Assert.Equal(expected, FrameSelection.Every(1).Times(_range, count, null));

    [Fact]
    public void Times_TrainingPositions_DrawOneOfEachPart()
    {
        Assert.Equal([2, 5], FrameSelection.Every(1).Times(_range, 2, [0, 0.4]));
        Assert.Equal([3, 6], FrameSelection.Every(1).Times(_range, 2, [0.999, 0.999]));
        Assert.Equal([2, 6], FrameSelection.SegmentMiddles.Times(_range, 2, [0, 0.6]).Select(time => Math.Round(time, 9)));
    }

    [Fact]
    public void Create_WrongNumbers_Refused()
    {
        foreach (var seconds in new[] { 0, -1, 0.0001, double.NaN, double.PositiveInfinity }) Assert.Throws<ArgumentOutOfRangeException>(() => FrameSelection.Every(seconds));
        foreach (var times in new double[][] { [], [-1], [0, double.NaN] }) Assert.Throws<ArgumentException>(() => FrameSelection.At(times));
        Assert.Contains("ShortestEdge", Assert.Throws<ArgumentException>(() => new FrameColumn("Frames", new FrameFormat(8, FrameFit.ShortestEdge))).Message);
    }

    [Fact]
    public void Of_KindAndNumbers_IsTheSameSelection()
    {
        foreach (var selection in new[] { FrameSelection.SegmentMiddles, FrameSelection.KeyFrames, FrameSelection.Every(0.7), FrameSelection.At(3, 1) })
        {
            var again = FrameSelection.Create(selection.Kind, selection.Numbers);
            Assert.Equal(selection.Times(_range, 4, null), again.Times(_range, 4, null));
            Assert.Equal($"{selection}", $"{again}");
        }
    }

    [Fact]
    public void Of_KindThatIsNotKnownOrWithoutItsNumber_IsRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => FrameSelection.Create((FrameSelectionKind)9, [1]));
        Assert.Contains("takes one number of seconds; got 0", Assert.Throws<ArgumentException>(() => FrameSelection.Create(FrameSelectionKind.Every, [])).Message);
    }
}
