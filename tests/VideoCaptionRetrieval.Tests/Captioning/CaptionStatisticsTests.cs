namespace VideoCaptionRetrieval.Tests.Captioning;

public sealed class CaptionStatisticsTests
{
    private static CaptionRecord Caption(string video, string captioner, int frame, string text) => new()
    {
        VideoId = video,
        Content = video,
        Frame = frame,
        Time = frame,
        Captioner = captioner,
        Identity = captioner,
        Caption = text,
    };

    private static readonly CaptionRecord[] All =
    [
        Caption("v1", "blip", 0, "a dog runs"), Caption("v1", "blip", 1, "A  dog runs"), Caption("v1", "blip", 2, "a cat"), Caption("v1", "blip", 3, " "),
        Caption("v1", "clipcap", 0, "a cat"), Caption("v1", "clipcap", 1, "a tree"),
        Caption("v2", "blip", 0, "a dog runs"), Caption("v2", "clipcap", 0, "water"),
        Caption("v3", "blip", 0, "a fish"),
    ];

    [Fact]
    public void Of_AllCaptions_CountsByHand()
    {
        var counted = CaptionStatistics.Compute(All);
        Assert.Equal((3, 1), (counted.Videos, counted.EmptyCaptions));
        Assert.Equal(8, counted.All.Captions);
        Assert.Equal(8 / 3.0, counted.All.PerVideo, 1e-9);
        Assert.Equal((3 / 5.0 + 1 + 1) / 3, counted.All.UniqueShare, 1e-9);         // v1: dog, cat, tree of 5
        Assert.Equal(5 / 8.0, counted.All.UniqueShareOverall, 1e-9);
        Assert.Equal((3 + 3 + 2 + 2 + 2 + 3 + 1 + 2) / 8.0, counted.All.Words, 1e-9);
        Assert.Equal(["blip", "clipcap"], counted.All.ByCaptioner.Keys);
        Assert.Equal((5, 3), (counted.All.ByCaptioner["blip"].Captions, counted.All.ByCaptioner["clipcap"].Captions));
        var overlap = Assert.Single(counted.Overlaps);
        Assert.Equal(("blip", "clipcap"), (overlap.First, overlap.Second));
        Assert.Equal((1 / 3.0 + 0) / 2, overlap.Share, 1e-9);                       // v1: the cat of dog, cat, tree; v3 has one captioner
        Assert.Null(counted.Kept);
        Assert.Empty(counted.KeptByFrame);
        Assert.Empty(counted.KeptByScore);
    }

    [Fact]
    public void Of_KeptCaptions_FramesAndScores()
    {
        var counted = CaptionStatistics.Compute(All, [(All[0], 0.71), (All[2], 0.05), (All[5], 0.79), (All[8], double.NaN)]);
        Assert.Equal(4, counted.Kept!.Captions);
        Assert.Equal(1, counted.Kept.UniqueShare);
        Assert.Equal([2, 1, 1], counted.KeptByFrame);
        Assert.Equal([1, 0, 0, 0, 0, 0, 0, 2], counted.KeptByScore);
    }

    [Fact]
    public void Of_CaptionsInAnyOrder_SameCounts()
    {
        var random = new Random(1);
        var captions = Enumerable.Range(0, 20_000).Select(i => Caption($"v{i / 7}", i % 3 == 0 ? "blip" : "clipcap", i % 5, $"a {random.Next(400)} b")).ToArray();
        var sorted = CaptionStatistics.Compute(captions);
        random.Shuffle(captions);
        var shuffled = CaptionStatistics.Compute(captions);
        Assert.Equal(captions.Select(caption => caption.Caption).Distinct().Count() / 20_000.0, sorted.All.UniqueShareOverall, 1e-12);
        Assert.Equal(captions.GroupBy(caption => caption.VideoId).Average(video => (double)video.Select(one => one.Caption).Distinct().Count() / video.Count()), sorted.All.UniqueShare, 1e-9);
        foreach (var (one, other) in new[] { (sorted.All, shuffled.All), (sorted.All.ByCaptioner["blip"], shuffled.All.ByCaptioner["blip"]) })
        {
            Assert.Equal((one.Captions, one.PerVideo, one.UniqueShareOverall, one.Words), (other.Captions, other.PerVideo, other.UniqueShareOverall, other.Words));
            Assert.Equal(one.UniqueShare, other.UniqueShare, 1e-9);
        }
        Assert.Equal(sorted.Overlaps[0].Share, shuffled.Overlaps[0].Share, 1e-9);
    }

    [Fact]
    public void Of_NothingWritten_Zeros()
    {
        var counted = CaptionStatistics.Compute([Caption("v", "blip", 0, "")]);
        Assert.Equal((0, 1, 0), (counted.Videos, counted.EmptyCaptions, counted.All.Captions));
        Assert.Empty(counted.Overlaps);
    }
}
