using VideoCaptionRetrieval.Torch.Objective;
using VideoCaptionRetrieval.Video;

namespace VideoCaptionRetrieval.Torch.Tests.Objective;

public sealed class HardNegativePairsTests
{
    private static readonly int[] Owners = [0, 0, 1, 2, 2];

    [Fact]
    public void Draw_AnySeed_OwnPairsOnceAndNegativesNeverOwn()
    {
        var logits = new float[3, 5];
        for (var k = 0; k < Owners.Length; k++) logits[Owners[k], k] = 50;         // the own ones are by far the likeliest, if they could be drawn
        for (var seed = 0; seed < 200; seed++)
        {
            var pairs = Draw(logits, seed);

            var all = pairs.Video.Zip(pairs.Caption, pairs.Matches).ToList();
            Assert.Equal(Owners.Select((video, k) => (video, k)), all.Where(pair => pair.Third).Select(pair => (pair.First, pair.Second)));
            var negatives = all.Where(pair => !pair.Third).ToList();
            Assert.All(negatives, pair => Assert.NotEqual(Owners[pair.Second], pair.First));
            Assert.Equal([0, 1, 2], negatives.Take(3).Select(pair => pair.First));
            Assert.Equal([0, 1, 2, 3, 4], negatives.Skip(3).Select(pair => pair.Second));
        }
    }

    [Fact]
    public void Draw_ManySeeds_AsOftenAsTheSoftmaxSays()
    {
        const int Draws = 4000;
        var logits = new float[3, 5];
        (logits[0, 2], logits[0, 3], logits[0, 4]) = (0, 1, 2);
        var expected = new[] { 1, Math.E, Math.E * Math.E }.Select(weight => weight / (1 + Math.E + (Math.E * Math.E))).ToArray();

        var drawn = Enumerable.Range(0, Draws).Select(seed => Draw(logits, seed).Caption[Owners.Length]).ToList();

        for (var k = 2; k < 5; k++) Assert.Equal(expected[k - 2], drawn.Count(one => one == k) / (double)Draws, 0.03);
    }

    [Fact]
    public void Draw_SameSeed_SamePairs()
    {
        Assert.Equal(Draw(new float[3, 5], 7).Caption, Draw(new float[3, 5], 7).Caption);
        Assert.Contains(Enumerable.Range(8, 20), seed => !Draw(new float[3, 5], seed).Caption.SequenceEqual(Draw(new float[3, 5], 7).Caption));
    }

    private static HardNegativePairs Draw(float[,] logits, int seed)
    {
        var draws = new DrawSequence(seed, 0, "pairs");
        return HardNegativePairs.Draw(logits, Owners, ref draws);
    }
}
