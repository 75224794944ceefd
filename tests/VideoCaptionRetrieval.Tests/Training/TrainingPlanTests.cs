using VideoCaptionRetrieval.Training;

namespace VideoCaptionRetrieval.Tests.Training;

public sealed class TrainingPlanTests
{
    [Theory]
    [InlineData(10, 4, 3, 4, 4, 2)]
    [InlineData(9, 4, 2, 4, 4)]        // a video alone has no negative
    [InlineData(8, 4, 2, 4, 4)]
    [InlineData(3, 16, 1, 3)]
    public void Batches_AnyCount_LastShortBatchKeptIfItHasTwo(int items, int batchSize, int stepsPerEpoch, params int[] sizes)
    {
        var plan = new TrainingPlan(items, batchSize, epochs: 2, seed: 1);

        var batches = plan.Batches().ToList();

        Assert.Equal(stepsPerEpoch, plan.StepsPerEpoch);
        Assert.Equal([.. sizes, .. sizes], batches.Select(batch => batch.Items.Length));
        Assert.Equal(Enumerable.Range(0, plan.Steps), batches.Select(batch => batch.Step));
        Assert.Equal(batches.Select((_, i) => i / stepsPerEpoch), batches.Select(batch => batch.Epoch));
    }

    [Fact]
    public void Batches_EachEpoch_EveryVideoOnceInAnotherOrder()
    {
        var epochs = new TrainingPlan(20, 4, epochs: 3, seed: 1).Batches()
            .GroupBy(batch => batch.Epoch, batch => batch.Items).Select(epoch => epoch.SelectMany(items => items).ToArray()).ToList();

        Assert.All(epochs, order => Assert.Equal(Enumerable.Range(0, 20), order.Order()));
        Assert.NotEqual(epochs[0], epochs[1]);
        Assert.NotEqual(epochs[1], epochs[2]);
    }

    [Fact]
    public void Batches_SameSeed_SameOrder()
    {
        static IEnumerable<int> Order(int seed) => new TrainingPlan(20, 4, epochs: 2, seed).Batches().SelectMany(batch => batch.Items);

        Assert.Equal(Order(7), Order(7));
        Assert.NotEqual(Order(7), Order(8));
    }
}
