using System.Text;
using VideoCaptionRetrieval.Models;

namespace VideoCaptionRetrieval.Video;

/// <summary>
/// Draws random numbers that depend on a run's seed, an epoch and a video alone, so that they are equal in every process and on every
/// thread, whatever else was drawn before. A mutable value; not thread-safe.
/// </summary>
/// <remarks><see cref="SplitMix64"/>, started at the 64-bit FNV-1a hash of the three.</remarks>
public struct DrawSequence
{
    private const ulong FnvOffset = 0xCBF29CE484222325;
    private const ulong FnvPrime = 0x100000001B3;

    private SplitMix64 _random;

    /// <summary>Begins the sequence of a seed, an epoch and a name.</summary>
    public DrawSequence(int seed, int epoch, string videoId)
    {
        byte[] key = [.. BitConverter.GetBytes((long)seed), .. BitConverter.GetBytes((long)epoch), .. Encoding.UTF8.GetBytes(videoId)];
        var hash = FnvOffset;
        foreach (var value in key) hash = (hash ^ value) * FnvPrime;
        _random = new(hash);
    }

    /// <summary>Draws a frame of a range uniformly.</summary>
    public int Next(FrameRange range) => range.Start + _random.NextIndex(range.End - range.Start);

    /// <summary>Draws a number of [0, 1) uniformly.</summary>
    public double NextDouble() => _random.NextDouble();

    /// <summary>Draws one frame of each range, in order.</summary>
    public int[] Next(ReadOnlySpan<FrameRange> ranges)
    {
        var draws = new int[ranges.Length];
        for (var k = 0; k < draws.Length; k++) draws[k] = Next(ranges[k]);
        return draws;
    }
}
