using System.Runtime.InteropServices;
using TorchSharp.Modules;

namespace VideoCaptionRetrieval.Torch.Layers;

/// <summary>
/// Normal numbers by Marsaglia's polar method over SplitMix64 (Steele, Lea, Flood, OOPSLA 2014): the same on every processor, unlike
/// libtorch's.
/// </summary>
internal sealed class NormalNumbers(ulong state)
{
    internal void Fill(Parameter parameter, double deviation)
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

    /// <summary>In [−1, 1).</summary>
    private double Uniform()
    {
        var z = state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return ((z ^ (z >> 31)) >> 11) * (2.0 / (1UL << 53)) - 1;
    }
}
