namespace VideoCaptionRetrieval.Training;

/// <summary>One step of a plan.</summary>
/// <param name="Epoch">From 0.</param>
/// <param name="Step">From 0, in the whole run.</param>
/// <param name="Items">Indices of the videos.</param>
internal sealed record PlannedBatch(int Epoch, int Step, int[] Items);

/// <summary>
/// Which videos meet in which step: a new permutation in each epoch, cut into batches. The last, shorter batch is kept if a video in it
/// has another to be contrasted with.
/// </summary>
internal sealed class TrainingPlan
{
    /// <summary>The fewest videos of a batch: a video alone has no negative, its loss is 0.</summary>
    internal const int FewestVideos = 2;

    private readonly int _items, _batchSize, _epochs, _seed;

    internal TrainingPlan(int items, int batchSize, int epochs, int seed)
    {
        (_items, _batchSize, _epochs, _seed) = (items, batchSize, epochs, seed);
        StepsPerEpoch = (items / batchSize) + (items % batchSize >= FewestVideos ? 1 : 0);
    }

    internal int StepsPerEpoch { get; }

    internal int Steps => StepsPerEpoch * _epochs;

    /// <summary>The steps in order; the same seed gives the same steps.</summary>
    internal IEnumerable<PlannedBatch> Batches()
    {
        for (var epoch = 0; epoch < _epochs; epoch++)
        {
            var order = Permutation(epoch);
            for (var step = 0; step < StepsPerEpoch; step++)
            {
                var start = step * _batchSize;
                yield return new(epoch, (epoch * StepsPerEpoch) + step, order[start..Math.Min(start + _batchSize, _items)]);
            }
        }
    }

    private int[] Permutation(int epoch)
    {
        const int Spread = 0x3C6EF35F;      // keeps (seed, epoch + 1) from being (seed + 1, epoch)
        var order = Enumerable.Range(0, _items).ToArray();
        new Random(unchecked(_seed + (epoch * Spread))).Shuffle(order);
        return order;
    }
}
