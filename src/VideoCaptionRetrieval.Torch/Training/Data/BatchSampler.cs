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
/// Assigns videos to batches: a new permutation in each epoch, cut into batches; <see cref="LastBatch"/> says what becomes of a shorter one at its
/// end. With weights, every batch is a draw of its own instead (<see cref="WeightedDraw"/>): without replacement, so that no video is its own
/// negative, and as often as its weight says.
/// </summary>
public sealed class BatchSampler
{
    /// <summary>The smallest number of videos of a batch: a video alone has no negative, its loss is 0.</summary>
    internal const int MinBatchSize = 2;

    private const int EpochStride = 0x3C6EF35F;      // keeps (seed, epoch + 1) from being (seed + 1, epoch)

    private readonly int _items, _batchSize, _seed;
    private readonly LastBatch _lastBatch;
    private readonly WeightedDraw? _weighted;

    /// <summary>Plans a run.</summary>
    /// <param name="items">The number of videos.</param>
    /// <param name="batchSize">Videos of a step.</param>
    /// <param name="epochs">How often every video is seen.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="steps">The length of the run in steps, instead of <paramref name="epochs"/>.</param>
    /// <param name="weights">How often each video is drawn, relative to the others; null = all alike.</param>
    /// <param name="lastBatch">What becomes of an epoch's last videos where they are fewer than a batch.</param>
    /// <exception cref="ArgumentException">Fewer than two videos have a weight above 0.</exception>
    public BatchSampler(int items, int batchSize, int epochs, int seed, int? steps = null, IReadOnlyList<float>? weights = null,
        LastBatch lastBatch = LastBatch.Keep)
    {
        (_items, _batchSize, _seed, _lastBatch) = (items, Math.Min(batchSize, items), seed, lastBatch);
        if (weights is not null && weights.Count(weight => weight > 0) is < MinBatchSize and var drawn)
        {
            throw new ArgumentException($"{drawn} videos have a weight above 0; training contrasts videos with each other and needs at least "
                + $"{MinBatchSize}.", nameof(weights));
        }
        var (full, rest) = Math.DivRem(items, _batchSize);
        StepsPerEpoch = full + lastBatch switch
        {
            LastBatch.Keep => rest >= MinBatchSize ? 1 : 0,
            LastBatch.Drop => 0,
            LastBatch.Fill => rest > 0 ? 1 : 0,
            _ => throw new ArgumentOutOfRangeException(nameof(lastBatch), lastBatch, $"The rule '{lastBatch}' is not known."),
        };
        _weighted = weights is null ? null : new(weights, _batchSize);
        CrossesEpochs = lastBatch == LastBatch.Fill && weights is null && rest > 0;
        Steps = steps ?? (CrossesEpochs ? (int)((((long)items * epochs) + _batchSize - 1) / _batchSize) : StepsPerEpoch * epochs);
    }

    /// <summary>Steps until every video was seen, where batches do not cross the ends of epochs.</summary>
    internal int StepsPerEpoch { get; }

    internal int Steps { get; }

    /// <summary>Says which weights a batch is too large for; null where there is none.</summary>
    internal string? Saturation => _weighted?.Saturation;

    /// <summary>Whether a batch may hold the last videos of an epoch and the first ones of the next.</summary>
    private bool CrossesEpochs { get; }

    /// <summary>The steps in order; the same seed gives the same steps.</summary>
    /// <param name="from">The first one, for a run that goes on.</param>
    public IEnumerable<BatchIndices> Batches(int from = 0) => CrossesEpochs ? FilledBatches(from) : EpochBatches(from);

    /// <summary>Whether an epoch ends, or the run, once this many steps are done.</summary>
    internal bool EndsEpoch(int done) => done == Steps || Epoch(done) > Epoch(done - 1);

    private int Epoch(int step) => CrossesEpochs ? (int)((long)step * _batchSize / _items) : step / StepsPerEpoch;

    private IEnumerable<BatchIndices> EpochBatches(int from)
    {
        int[] order = [];
        WeightedDraw.Epoch? draws = null;
        for (var step = from; step < Steps; step++)
        {
            var (epoch, place) = (Epoch(step), step % StepsPerEpoch);
            var (start, isFirst) = (place * _batchSize, place == 0 || step == from);
            if (_weighted is not null)
            {
                if (isFirst) draws = _weighted.Begin(Random(epoch), StepsPerEpoch);
                yield return new(epoch, step, draws!.Draw(place, _lastBatch == LastBatch.Keep ? Math.Min(_batchSize, _items - start) : _batchSize)) { Draw = step };
                continue;
            }
            if (isFirst) order = Permutation(epoch);
            yield return new(epoch, step, order[start..Math.Min(start + _batchSize, _items)]);
        }
    }

    /// <summary>
    /// Cuts the permutations of all epochs, one behind the other, into batches. What is left of an epoch goes first into a batch; the next epoch begins
    /// with other videos, so that none is twice in a batch.
    /// </summary>
    private IEnumerable<BatchIndices> FilledBatches(int from)
    {
        List<int> left = [];
        for (int step = 0, permutations = 0; step < Steps; step++)
        {
            if (left.Count < _batchSize)
            {
                var next = Permutation(permutations++);
                var first = next.Except(left).Take(_batchSize - left.Count).ToHashSet();
                left = [.. left, .. first, .. next.Where(item => !first.Contains(item))];
            }
            if (step >= from) yield return new(Epoch(step), step, [.. left.Take(_batchSize)]) { Draw = step };
            left.RemoveRange(0, _batchSize);
        }
    }

    private int[] Permutation(int epoch)
    {
        var order = Enumerable.Range(0, _items).ToArray();
        Random(epoch).Shuffle(order);
        return order;
    }

    private Random Random(int epoch) => new(unchecked(_seed + (epoch * EpochStride)));
}
