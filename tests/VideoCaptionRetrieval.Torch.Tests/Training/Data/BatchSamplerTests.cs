using VideoCaptionRetrieval.Torch.Training.Data;

namespace VideoCaptionRetrieval.Torch.Tests.Training.Data;

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

    [Theory]
    [InlineData(LastBatch.Drop, 75, 64, 1)]
    [InlineData(LastBatch.Drop, 10, 64, 1)]
    [InlineData(LastBatch.Fill, 75, 64, 2)]
    [InlineData(LastBatch.Fill, 10, 64, 1)]
    public void Batches_DropOrFill_EveryStepOfOneSize(LastBatch rule, int items, int batchSize, int stepsPerEpoch)
    {
        var plan = new BatchSampler(items, batchSize, epochs: 1, seed: 1, steps: 160, lastBatch: rule);
        float[] weights = [.. Enumerable.Range(0, items).Select(item => 1 + (item % 2f))];
        var weighted = new BatchSampler(items, batchSize, epochs: 1, seed: 1, steps: 20, weights, rule);

        Assert.Equal(stepsPerEpoch, plan.StepsPerEpoch);
        Assert.All(plan.Batches().Concat(weighted.Batches()), batch =>
        {
            Assert.Equal(Math.Min(batchSize, items), batch.Items.Length);
            Assert.Distinct(batch.Items);
        });
    }

    [Fact]
    public void Batches_Fill_EveryVideoAsOftenAsTheOthersAndGoesOn()
    {
        var plan = new BatchSampler(75, 64, epochs: 64, seed: 3, lastBatch: LastBatch.Fill);
        var batches = plan.Batches().ToList();

        Assert.Equal(75, plan.Steps);
        Assert.All(batches.SelectMany(batch => batch.Items).GroupBy(item => item), video => Assert.Equal(64, video.Count()));
        Assert.Equal(batches.Skip(40).Select(batch => batch.Items), plan.Batches(from: 40).Select(batch => batch.Items));
        Assert.Equal(batches.Select(batch => batch.Epoch), batches.Select(batch => batch.Step * 64 / 75));
        Assert.Equal(64, Enumerable.Range(1, plan.Steps).Count(plan.EndsEpoch));
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
        Assert.Equal(3, (double)heavy / light, 0.1);
    }

    [Fact]
    public void Batches_WeightOfTenInLargeBatches_DrawnTenTimesAsOften()
    {
        const int Items = 2000, Heavy = 40, BatchSize = 64;
        float[] weights = [.. Enumerable.Range(0, Items).Select(item => item < Heavy ? 10f : 1)];
        var plan = new BatchSampler(Items, BatchSize, epochs: 40, seed: 3, weights: weights);
        var batches = plan.Batches().ToList();
        var counts = batches.SelectMany(batch => batch.Items).CountBy(item => item).ToDictionary();

        Assert.Null(plan.Saturation);
        Assert.All(batches, batch => Assert.Equal(batch.Items.Length, batch.Items.Distinct().Count()));
        double Mean(int from, int to) => Enumerable.Range(from, to - from).Average(item => counts.GetValueOrDefault(item));
        Assert.Equal(10, Mean(0, Heavy) / Mean(Heavy, Items), 0.1);
    }

    [Fact]
    public void Batches_WeightsAlike_EveryVideoOnceInAnEpoch()
    {
        var batches = new BatchSampler(60, 6, epochs: 3, seed: 4, weights: [.. Enumerable.Repeat(2.5f, 60)]).Batches();
        Assert.All(batches.GroupBy(batch => batch.Epoch, batch => batch.Items), epoch => Assert.Equal(Enumerable.Range(0, 60), epoch.SelectMany(items => items).Order()));
    }

    [Fact]
    public void Batches_WeightsThatABatchCannotGive_TheHeavyInEveryBatchAndTheRestByTheirWeights()
    {
        float[] weights = [.. Enumerable.Range(0, 20).Select(item => item < 2 ? 100f : item < 11 ? 1 : 2), 0];
        var plan = new BatchSampler(21, 8, epochs: 1, seed: 6, steps: 3000, weights);
        var counts = plan.Batches().SelectMany(batch => batch.Items).CountBy(item => item).ToDictionary();

        Assert.Equal((3000, 3000), (counts[0], counts[1]));
        Assert.DoesNotContain(20, counts.Keys);
        Assert.Equal(2, Enumerable.Range(11, 9).Average(item => counts[item]) / Enumerable.Range(2, 9).Average(item => counts[item]), 0.1);
        Assert.Contains("weights of 2 videos", plan.Saturation);
        Assert.Contains("instead of 100 times", plan.Saturation);
        Assert.Null(new BatchSampler(21, 2, epochs: 1, seed: 6, weights: [.. Enumerable.Repeat(1f, 21)]).Saturation);
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
