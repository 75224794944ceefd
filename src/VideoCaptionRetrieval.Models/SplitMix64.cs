namespace VideoCaptionRetrieval.Models;

/// <summary>
/// The SplitMix64 random number generator: the same sequence for the same state on every platform and with every version of .NET. A
/// mutable value; not thread-safe.
/// </summary>
/// <param name="state">The 64-bit state the sequence starts from.</param>
/// <remarks>Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014; the constants are the published ones.</remarks>
public struct SplitMix64(ulong state)
{
    private const ulong GoldenGamma = 0x9E3779B97F4A7C15;

    private ulong _state = state;

    /// <summary>Returns the next 64 random bits.</summary>
    public ulong NextBits()
    {
        var z = _state += GoldenGamma;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>Returns a number of [0, 1), of 53 random bits.</summary>
    public double NextDouble() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Returns a whole number of [0, <paramref name="count"/>).</summary>
    // The high half of the 128-bit product maps 64 random bits to the range without a division.
    public int NextIndex(int count) => (int)Math.BigMul(NextBits(), (ulong)count, out _);
}
