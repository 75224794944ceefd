using VideoCaptionRetrieval.Video;

namespace VideoCaptionRetrieval.Tests.Video;

public sealed class DrawSequenceTests
{
    [Fact]
    public void NextDouble_KnownSeed_IsTheSameInEveryVersion()
    {
        var draws = new DrawSequence(1, 0, "clips/dog.mp4");
        Assert.Equal([0.15385246681010079, 0.11927427472018193], [draws.NextDouble(), draws.NextDouble()]);
    }

    [Fact]
    public void NextDouble_OtherSeedEpochOrVideo_GivesOtherNumbers()
    {
        var first = new[] { (1, 0, "a"), (2, 0, "a"), (1, 1, "a"), (0, 1, "a"), (1, 0, "b"), (1, 0, "") }
            .Select(key => new DrawSequence(key.Item1, key.Item2, key.Item3).NextDouble()).ToArray();
        Assert.Equal(first.Length, first.Distinct().Count());
    }

    [Fact]
    public void NextDouble_ManyDraws_AreSpreadEvenly()
    {
        var tenths = new int[10];
        for (var epoch = 0; epoch < 10_000; epoch++) tenths[(int)(10 * new DrawSequence(7, epoch, "v").NextDouble())]++;
        Assert.All(tenths, count => Assert.InRange(count, 850, 1150));
    }
}
