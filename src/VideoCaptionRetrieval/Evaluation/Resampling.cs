using VideoCaptionRetrieval.Models;

namespace VideoCaptionRetrieval.Evaluation;

/// <summary>Draws the resamples of a bootstrap.</summary>
public interface IResampling
{
    /// <summary>The number of resamples.</summary>
    int Count { get; }

    /// <summary>Draws the queries of one resample with replacement: indices in [0, indices.Length).</summary>
    void Draw(int resample, Span<int> indices);

    /// <summary>Draws a sign, −1 or 1, for each query.</summary>
    void DrawSigns(int resample, Span<sbyte> signs);
}

/// <summary>
/// Draws resamples from a seed. Every resample has its own stream, so that results depend on neither their order nor the version of .NET.
/// </summary>
public sealed class SeededResampling(int count, int seed) : IResampling
{
    /// <inheritdoc/>
    public int Count => count;

    /// <inheritdoc/>
    public void Draw(int resample, Span<int> indices)
    {
        var random = Stream(resample, 0);
        foreach (ref var index in indices) index = random.NextIndex(indices.Length);
    }

    /// <inheritdoc/>
    public void DrawSigns(int resample, Span<sbyte> signs)
    {
        var random = Stream(resample, 1);
        foreach (ref var sign in signs) sign = (long)random.NextBits() < 0 ? (sbyte)-1 : (sbyte)1;
    }

    private SplitMix64 Stream(int resample, int purpose)
    {
        var first = new SplitMix64(((ulong)(uint)seed << 32) | (uint)resample).NextBits();
        return new(first + ((ulong)purpose * 0xD1B54A32D192ED03));
    }
}
