using VideoCaptionRetrieval.Torch.Training.Data;

namespace VideoCaptionRetrieval.Tests.Training.Data;

public sealed class BatchSamplerTests
{
    [Theory]
    [InlineData(10, 4, 3, 4, 4, 2)]
    [InlineData(9, 4, 2, 4, 4)]        // a video alone has no negative
    [InlineData(8, 4, 2, 4, 4)]
    [InlineData(3, 16, 1, 3)]
    public void Batches_AnyCount_LastShortBatchKeptIfItHasTwo(int items, int batchSize, int stepsPerEpoch, params int[] sizes)
    {
        var plan = new BatchSampler(items, batchSize, epochs: 2, seed: 1);

        var batches = plan.Batches().ToList();

        Assert.Equal(stepsPerEpoch, plan.StepsPerEpoch);
        Assert.Equal([.. sizes, .. sizes], batches.Select(batch => batch.Items.Length));
        Assert.Equal(Enumerable.Range(0, plan.Steps), batches.Select(batch => batch.Step));
        Assert.Equal(batches.Select((_, i) => i / stepsPerEpoch), batches.Select(batch => batch.Epoch));
    }

    [Fact]
    public void Batches_EachEpoch_EveryVideoOnceInAnotherOrder()
    {
        var epochs = new BatchSampler(20, 4, epochs: 3, seed: 1).Batches()
            .GroupBy(batch => batch.Epoch, batch => batch.Items).Select(epoch => epoch.SelectMany(items => items).ToArray()).ToList();

        Assert.All(epochs, order => Assert.Equal(Enumerable.Range(0, 20), order.Order()));
        Assert.NotEqual(epochs[0], epochs[1]);
        Assert.NotEqual(epochs[1], epochs[2]);
    }

    [Fact]
    public void Batches_SameSeed_SameOrder()
    {
        static IEnumerable<int> Order(int seed) => new BatchSampler(20, 4, epochs: 2, seed).Batches().SelectMany(batch => batch.Items);

        Assert.Equal(Order(7), Order(7));
        Assert.NotEqual(Order(7), Order(8));
    }

    [Fact]
    public void Batches_Weights_DrawnAsOftenAsTheySayAndNeverTwiceInABatch()
    {
        float[] weights = [1, 1, 1, 1, 3, 3, 3, 3, 0, 0];
        var batches = new BatchSampler(10, 2, epochs: 1, seed: 5, steps: 4000, weights).Batches().ToList();

        Assert.All(batches, batch => Assert.Equal(2, batch.Items.Distinct().Count()));
        var counts = batches.SelectMany(batch => batch.Items).CountBy(item => item).ToDictionary();
        Assert.DoesNotContain(8, counts.Keys);
        var (light, heavy) = (Enumerable.Range(0, 4).Sum(item => counts[item]), Enumerable.Range(4, 4).Sum(item => counts[item]));
        Assert.InRange((double)heavy / light, 2.4, 3);      // a little below 3, for a batch holds no video twice
    }

    [Fact]
    public void Batches_WeightsAndALaterStart_SameBatchesAsFromTheBeginning()
    {
        float[] weights = [1, 2, 3, 4, 5, 6, 7];
        IEnumerable<string> Batches(int from) => new BatchSampler(7, 3, epochs: 4, seed: 2, weights: weights).Batches(from).Select(batch => $"{batch.Epoch} {batch.Step} {string.Join(',', batch.Items)}");
        Assert.Equal(Batches(0).Skip(5), Batches(5));
    }

    [Fact]
    public void New_FewerThanTwoWeightsAboveZero_SaysSo() =>
        Assert.Contains("1 videos have a weight above 0", Assert.Throws<ArgumentException>(() => new BatchSampler(3, 2, 1, 1, weights: [0, 1, 0])).Message);
}
