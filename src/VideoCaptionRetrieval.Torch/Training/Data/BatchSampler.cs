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
/// has another to be contrasted with. With weights, every batch is a draw of its own instead (<see cref="WeightedDraw"/>): without replacement, so
/// that no video is its own negative, and as often as its weight says.
/// </summary>
public sealed class BatchSampler
{
    /// <summary>The smallest number of videos of a batch: a video alone has no negative, its loss is 0.</summary>
    internal const int MinBatchSize = 2;

    private const int EpochStride = 0x3C6EF35F;      // keeps (seed, epoch + 1) from being (seed + 1, epoch)

    private readonly int _items, _batchSize, _seed;
    private readonly WeightedDraw? _weighted;

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
        (_items, _batchSize, _seed) = (items, batchSize, seed);
        if (weights is not null && weights.Count(weight => weight > 0) is < MinBatchSize and var drawn)
        {
            throw new ArgumentException($"{drawn} videos have a weight above 0; training contrasts videos with each other and needs at least "
                + $"{MinBatchSize}.", nameof(weights));
        }
        StepsPerEpoch = (items / batchSize) + (items % batchSize >= MinBatchSize ? 1 : 0);
        _weighted = weights is null ? null : new(weights, Math.Min(batchSize, items));
        Steps = steps ?? StepsPerEpoch * epochs;
    }

    internal int StepsPerEpoch { get; }

    internal int Steps { get; }

    /// <summary>Says which weights a batch is too large for; null where there is none.</summary>
    internal string? Saturation => _weighted?.Saturation;

    /// <summary>The steps in order; the same seed gives the same steps.</summary>
    /// <param name="from">The first one, for a run that goes on.</param>
    public IEnumerable<BatchIndices> Batches(int from = 0)
    {
        int[] order = [];
        WeightedDraw.Epoch? draws = null;
        for (var step = from; step < Steps; step++)
        {
            var (epoch, place) = (step / StepsPerEpoch, step % StepsPerEpoch);
            var (start, isFirst) = (place * _batchSize, place == 0 || step == from);
            if (_weighted is not null)
            {
                if (isFirst) draws = _weighted.Begin(Random(epoch), StepsPerEpoch);
                yield return new(epoch, step, draws!.Draw(place, Math.Min(_batchSize, _items - start))) { Draw = step };
                continue;
            }
            if (isFirst) order = Permutation(epoch);
            yield return new(epoch, step, order[start..Math.Min(start + _batchSize, _items)]);
        }
    }

    /// <summary>Whether an epoch ends, or the run, once this many steps are done.</summary>
    internal bool EndsEpoch(int done) => done == Steps || done % StepsPerEpoch == 0;

    private int[] Permutation(int epoch)
    {
        var order = Enumerable.Range(0, _items).ToArray();
        Random(epoch).Shuffle(order);
        return order;
    }

    private Random Random(int epoch) => new(unchecked(_seed + (epoch * EpochStride)));
}
