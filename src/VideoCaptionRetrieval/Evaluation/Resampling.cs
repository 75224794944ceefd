namespace VideoCaptionRetrieval.Evaluation;

/// <summary>Where a bootstrap takes its chance from.</summary>
internal interface IResampling
{
    /// <summary>The number of resamples.</summary>
    int Count { get; }

    /// <summary>Draws the queries of one resample, with repeats: indices in [0, indices.Length).</summary>
    void Draw(int resample, Span<int> indices);

    /// <summary>Draws a sign, −1 or 1, for each query.</summary>
    void DrawSigns(int resample, Span<sbyte> signs);
}

/// <summary>
/// Resamples from a seed. Every resample has its own stream, so that results depend on no order and on no version of .NET.
/// </summary>
internal sealed class SeededResampling(int count, int seed) : IResampling
{
    public int Count => count;

    public void Draw(int resample, Span<int> indices)
    {
        var state = Stream(resample, 0);
        // The high half of a 128-bit product maps 64 random bits to [0, n) without a division.
        foreach (ref var index in indices) index = (int)Math.BigMul(Next(ref state), (ulong)indices.Length, out _);
    }

    public void DrawSigns(int resample, Span<sbyte> signs)
    {
        var state = Stream(resample, 1);
        foreach (ref var sign in signs) sign = (long)Next(ref state) < 0 ? (sbyte)-1 : (sbyte)1;
    }

    private ulong Stream(int resample, int purpose)
    {
        var state = ((ulong)(uint)seed << 32) | (uint)resample;
        return Next(ref state) + (ulong)purpose * 0xD1B54A32D192ED03;
    }

    // SplitMix64 (Steele, Lea, Flood 2014): the constants are the published ones.
    private static ulong Next(ref ulong state)
    {
        state += 0x9E3779B97F4A7C15;
        var z = state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
