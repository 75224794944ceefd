using System.Globalization;

namespace VideoCaptionRetrieval.Torch.Training.Data;

/// <summary>
/// Draws batches in which a video is with a probability in proportion to its weight, and never twice, by systematic sampling (Madow, On the theory
/// of systematic sampling, 1949): the probabilities, which add up to the size of the batch, lie one after the other on a line, in an order drawn
/// for each epoch, and the points u, u + 1, u + 2 … hit the videos of the batch. Over an epoch u moves by equal steps, so that each video is drawn
/// as often as its weight says, to within one. A draw is a binary search.
/// </summary>
internal sealed class WeightedDraw
{
    private readonly int[] _items;
    private readonly double[] _weights;
    private readonly Dictionary<int, double[]> _probabilities = [];

    /// <param name="weights">The weight of each video, at least 0; some are above.</param>
    /// <param name="batchSize">Videos of a batch.</param>
    internal WeightedDraw(IReadOnlyList<float> weights, int batchSize)
    {
        _items = [.. Enumerable.Range(0, weights.Count).Where(item => weights[item] > 0)];
        _weights = [.. _items.Select(item => (double)weights[item])];
        Saturation = Describe(batchSize);
    }

    /// <summary>Says which weights a batch is too large for; null where there is none.</summary>
    internal string? Saturation { get; }

    /// <summary>Draws the order of an epoch's line, and where its first point is.</summary>
    /// <param name="random">The epoch's random numbers.</param>
    /// <param name="batches">Batches of the epoch.</param>
    internal Epoch Begin(Random random, int batches)
    {
        var order = Enumerable.Range(0, _items.Length).ToArray();
        random.Shuffle(order);
        return new(this, order, random.NextDouble(), batches);
    }

    /// <summary>
    /// The probability of each video to be in a batch: its share of the weights times the batch's size. Where that is above 1 it is 1, and the others
    /// share the rest.
    /// </summary>
    private double[] Probabilities(int count)
    {
        if (_probabilities.TryGetValue(count, out var known)) return known;
        var (isCapped, capped) = (new bool[_weights.Length], 0);
        double factor;
        while (true)
        {
            var rest = _weights.Where((_, i) => !isCapped[i]).Sum();
            factor = rest > 0 ? (count - capped) / rest : 0;
            var before = capped;
            for (var i = 0; i < _weights.Length; i++)
            {
                if (isCapped[i] || factor * _weights[i] < 1) continue;
                isCapped[i] = true;
                capped++;
            }
            if (capped == before) break;
        }
        return _probabilities[count] = [.. _weights.Select((weight, i) => isCapped[i] ? 1 : factor * weight)];
    }

    private string? Describe(int batchSize)
    {
        var count = Math.Min(batchSize, _items.Length);
        var probabilities = Probabilities(count);
        var (lightest, heaviest) = (_weights.Min(), _weights.Max());
        if (heaviest * count <= _weights.Sum() * (1 + 1e-9)) return null;
        var (wanted, got) = (heaviest / lightest, probabilities[Array.IndexOf(_weights, heaviest)] / probabilities[Array.IndexOf(_weights, lightest)]);
        var saturated = _weights.Count(weight => weight * count > _weights.Sum() * (1 + 1e-9));
        return string.Create(CultureInfo.InvariantCulture, $"The weights of {saturated} videos are too large for batches of {count}, which hold no video twice: "
            + $"these videos are in every batch, and the heaviest is drawn {got:0.#} times as often as the lightest instead of {wanted:0.#} times. "
            + $"Use a smaller batch size, or weights that differ less.");
    }

    /// <summary>The draws of an epoch. Not thread-safe.</summary>
    internal sealed class Epoch(WeightedDraw owner, int[] order, double start, int batches)
    {
        private readonly Dictionary<int, double[]> _ends = [];

        /// <summary>Draws a batch.</summary>
        /// <param name="place">Its place in the epoch, from 0.</param>
        /// <param name="batchSize">Videos that it should have.</param>
        internal int[] Draw(int place, int batchSize)
        {
            var count = Math.Min(batchSize, order.Length);
            var ends = Ends(count);
            var point = start + ((double)place / batches);
            point -= Math.Floor(point);
            var drawn = new int[count];
            var next = 0;
            for (var k = 0; k < count; k++, point++)
            {
                var found = Array.BinarySearch(ends, point);
                // The first end behind the point; rounding may neither repeat a video nor run over the last one.
                found = Math.Clamp(found < 0 ? ~found : found + 1, next, order.Length - (count - k));
                drawn[k] = owner._items[order[found]];
                next = found + 1;
            }
            return drawn;
        }

        /// <summary>Where the videos end on the line, in the order of the epoch.</summary>
        private double[] Ends(int count)
        {
            if (_ends.TryGetValue(count, out var known)) return known;
            var (probabilities, sum) = (owner.Probabilities(count), 0.0);
            return _ends[count] = [.. order.Select(item => sum += probabilities[item])];
        }
    }
}
