using System.Globalization;
using VideoCaptionRetrieval.Video;

namespace VideoCaptionRetrieval.Experiments.ShapeWorld;

/// <summary>
/// The random numbers of one picture, video or sentence. They depend on the seed and a name alone, so that pictures can be made in any
/// order, on any thread, and more of them never change the first ones. Not thread-safe.
/// </summary>
internal sealed class RandomStream
{
    private DrawSequence _numbers;

    /// <param name="seed">The world's seed.</param>
    /// <param name="stream">What the numbers are for, such as "train".</param>
    /// <param name="item">Which picture or video of the stream.</param>
    internal RandomStream(int seed, string stream, int item) => _numbers = new(seed, item, stream);

    /// <summary>A name for a stream of its own inside another.</summary>
    internal static string SubStream(string stream, int part) => stream + "/" + part.ToString(CultureInfo.InvariantCulture);

    /// <summary>In [0, 1).</summary>
    internal double Unit() => _numbers.NextDouble();

    /// <summary>In [low, high).</summary>
    internal float Between(double low, double high) => (float)(low + ((high - low) * Unit()));

    /// <summary>A whole number from 0 on, below <paramref name="end"/>.</summary>
    internal int Below(int end) => _numbers.Next(new FrameRange(0, end));

    internal bool Chance(double probability) => Unit() < probability;

    internal T Pick<T>(IReadOnlyList<T> values) => values[Below(values.Count)];

    /// <summary>An entry drawn by weights that add up to 1.</summary>
    internal int Weighted(IReadOnlyList<double> weights)
    {
        var left = Unit();
        for (var i = 0; i < weights.Count - 1; i++)
            if ((left -= weights[i]) < 0) return i;
        return weights.Count - 1;
    }

    /// <summary>Different whole numbers from 0 on, below <paramref name="end"/>, in a random order.</summary>
    internal int[] Distinct(int count, int end)
    {
        var values = Enumerable.Range(0, end).ToArray();
        for (var i = 0; i < count; i++)
        {
            var other = i + Below(end - i);
            (values[i], values[other]) = (values[other], values[i]);
        }
        return values[..count];
    }
}
