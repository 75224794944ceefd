namespace VideoCaptionRetrieval.Torch.Training.Data;

/// <summary>The videos of one step.</summary>
/// <param name="Epoch">From 0.</param>
/// <param name="Step">From 0, in the whole run.</param>
/// <param name="Items">Indices of the videos.</param>
public sealed record BatchIndices(int Epoch, int Step, int[] Items)
{
    /// <summary>A number that changes whenever a video comes again: frames and captions are drawn by it.</summary>
    internal int Draw { get; init; } = Epoch;
}

/// <summary>
/// Assigns videos to batches: a new permutation in each epoch, cut into batches. The last, shorter batch is kept if a video in it
/// has another to be contrasted with. With weights, every batch is a draw of its own instead: without replacement, so that no video is its
/// own negative, and the more often the heavier a video is (Efraimidis and Spirakis, Weighted random sampling with a reservoir, 2006).
/// </summary>
public sealed class BatchSampler
{
    /// <summary>The smallest number of videos of a batch: a video alone has no negative, its loss is 0.</summary>
    internal const int MinBatchSize = 2;

    private const int EpochStride = 0x3C6EF35F;      // keeps (seed, epoch + 1) from being (seed + 1, epoch)

    private readonly int _items, _batchSize, _seed;
    private readonly IReadOnlyList<float>? _weights;

    /// <summary>Plans a run.</summary>
    /// <param name="items">The number of videos.</param>
    /// <param name="batchSize">Videos of a step.</param>
    /// <param name="epochs">How often every video is seen.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="steps">The length of the run in steps, instead of <paramref name="epochs"/>.</param>
    /// <param name="weights">How often each video is drawn, relative to the others; null = all alike.</param>
    /// <exception cref="ArgumentException">Fewer than two videos have a weight above 0.</exception>
    public BatchSampler(int items, int batchSize, int epochs, int seed, int? steps = null, IReadOnlyList<float>? weights = null)
    {
        (_items, _batchSize, _seed, _weights) = (items, batchSize, seed, weights);
        if (weights is not null && weights.Count(weight => weight > 0) is < MinBatchSize and var drawn)
        {
            throw new ArgumentException($"{drawn} videos have a weight above 0; training contrasts videos with each other and needs at least "
                + $"{MinBatchSize}.", nameof(weights));
        }
        StepsPerEpoch = (items / batchSize) + (items % batchSize >= MinBatchSize ? 1 : 0);
        Steps = steps ?? StepsPerEpoch * epochs;
    }

    internal int StepsPerEpoch { get; }

    internal int Steps { get; }

    /// <summary>The steps in order; the same seed gives the same steps.</summary>
    /// <param name="from">The first one, for a run that goes on.</param>
    public IEnumerable<BatchIndices> Batches(int from = 0)
    {
        int[] order = [];
        for (var step = from; step < Steps; step++)
        {
            var (epoch, start) = (step / StepsPerEpoch, step % StepsPerEpoch * _batchSize);
            if (_weights is not null)
            {
                yield return new(epoch, step, Drawn(_weights, step, Math.Min(_batchSize, _items - start))) { Draw = step };
                continue;
            }
            if (start == 0 || order.Length == 0) order = Permutation(epoch);
            yield return new(epoch, step, order[start..Math.Min(start + _batchSize, _items)]);
        }
    }

    /// <summary>Whether an epoch ends, or the run, once this many steps are done.</summary>
    internal bool EndsEpoch(int done) => done == Steps || done % StepsPerEpoch == 0;

    /// <summary>Draws the videos with the largest u^(1/weight), u uniform.</summary>
    private int[] Drawn(IReadOnlyList<float> weights, int step, int count)
    {
        var random = new Random(unchecked(_seed + (step * EpochStride)));
        var keys = weights.Select(weight => Math.Log(1 - random.NextDouble()) / weight).ToArray();
        return [.. Enumerable.Range(0, _items).Where(item => weights[item] > 0).OrderByDescending(item => keys[item]).Take(count)];
    }

    private int[] Permutation(int epoch)
    {
        var order = Enumerable.Range(0, _items).ToArray();
        new Random(unchecked(_seed + (epoch * EpochStride))).Shuffle(order);
        return order;
    }
}
