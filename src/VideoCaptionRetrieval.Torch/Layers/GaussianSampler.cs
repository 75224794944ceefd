using System.Runtime.InteropServices;
using TorchSharp.Modules;
using VideoCaptionRetrieval.Models;

namespace VideoCaptionRetrieval.Torch.Layers;

/// <summary>
/// Draws normally distributed numbers by Marsaglia's polar method over <see cref="SplitMix64"/>: the same on every processor, unlike
/// libtorch's.
/// </summary>
public sealed class GaussianSampler(ulong state)
{
    private SplitMix64 _random = new(state);

    /// <summary>Fills a parameter with normal numbers of mean 0, in row-major order.</summary>
    public void Fill(Parameter parameter, double deviation)
    {
        var values = MemoryMarshal.Cast<byte, float>(parameter.bytes);
        for (var i = 0; i < values.Length; i += 2)
        {
            var (first, second) = Pair();
            values[i] = (float)(first * deviation);
            if (i + 1 < values.Length) values[i + 1] = (float)(second * deviation);
        }
    }

    private (double First, double Second) Pair()
    {
        while (true)
        {
            var (u, v) = (Uniform(), Uniform());
            var square = u * u + v * v;
            if (square is >= 1 or 0) continue;
            var scale = Math.Sqrt(-2 * Math.Log(square) / square);
            return (u * scale, v * scale);
        }
    }

    /// <summary>Returns a number of [−1, 1).</summary>
    private double Uniform() => _random.NextDouble() * 2 - 1;
}
