using System.Text;

namespace VideoCaptionRetrieval.Video;

/// <summary>
/// Random numbers that depend on a run's seed, an epoch and a video alone: equal in every process, whatever else was drawn before,
/// and on whatever thread. A mutable value; not thread-safe.
/// </summary>
/// <remarks>SplitMix64 (Steele, Lea, Flood 2014), started at the 64-bit FNV-1a hash of the three.</remarks>
internal struct DrawSequence
{
    private const ulong FnvOffset = 0xCBF29CE484222325;
    private const ulong FnvPrime = 0x100000001B3;
    private const ulong GoldenGamma = 0x9E3779B97F4A7C15;

    private ulong _state;

    internal DrawSequence(int seed, int epoch, string videoId)
    {
        _state = FnvOffset;
        foreach (var b in BitConverter.GetBytes((long)seed)) Mix(b);
        foreach (var b in BitConverter.GetBytes((long)epoch)) Mix(b);
        foreach (var b in Encoding.UTF8.GetBytes(videoId)) Mix(b);
    }

    /// <summary>A whole number, equally likely in [range.Start, range.End).</summary>
    internal int Next(FrameRange range) => range.Start + (int)Math.BigMul(NextBits(), (ulong)(range.End - range.Start), out _);

    /// <summary>A number in [0, 1).</summary>
    internal double NextDouble() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>One number from each range, in order.</summary>
    internal int[] Next(ReadOnlySpan<FrameRange> ranges)
    {
        var draws = new int[ranges.Length];
        for (var k = 0; k < draws.Length; k++) draws[k] = Next(ranges[k]);
        return draws;
    }

    private void Mix(byte value) => _state = (_state ^ value) * FnvPrime;

    private ulong NextBits()
    {
        var z = _state += GoldenGamma;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
