using System.Collections.Concurrent;

namespace VideoCaptionRetrieval.Models.Imaging;

/// <summary>
/// Pillow's 8-bit weights along one axis, for a window of the output: the first input position of every output position, its number of taps,
/// and the taps in 22-bit fixed point. Immutable.
/// </summary>
/// <remarks>Pillow 3.3 to 12, libImaging/Resample.c: precompute_coeffs, normalize_coeffs_8bpc, bicubic_filter, bilinear_filter.</remarks>
internal sealed class ResizeWeights
{
    /// <summary>Bits of a tap: 32 less 8 of the pixel and 2 of headroom, as in Pillow.</summary>
    internal const int PrecisionBits = 32 - 8 - 2;

    /// <summary>Bits of a tap's lower part, which is never negative, so that both parts fit into signed 16-bit numbers.</summary>
    internal const int LowerBits = 15;

    private const double A = -0.5;

    // Videos of one size need the same two tables again and again; folders of photographs must not fill the memory.
    private const int MaxCached = 64, MaxCachedTaps = 1 << 17;

    private readonly record struct Key(int InputSize, int OutputSize, int WindowStart, int WindowSize, ResizeFilter Filter);

    private static readonly ConcurrentDictionary<Key, ResizeWeights> _cache = new();

    private readonly int[] _taps, _pairs, _firsts, _counts;
    private readonly int _stride;

    private ResizeWeights(Key key)
    {
        var scale = (double)key.InputSize / key.OutputSize;
        var filterScale = Math.Max(scale, 1);
        var support = Support(key.Filter) * filterScale;
        Size = key.WindowSize;
        _stride = ((int)Math.Ceiling(support) * 2) + 2;     // even, for pairs
        (_taps, _pairs) = (new int[checked(_stride * Size)], new int[_stride * Size]);
        (_firsts, _counts) = (new int[Size], new int[Size]);
        Span<double> weights = new double[_stride];
        for (var i = 0; i < Size; i++)
        {
            var centre = (key.WindowStart + i + 0.5) * scale;
            var first = Math.Max((int)(centre - support + 0.5), 0);
            var count = Math.Min((int)(centre + support + 0.5), key.InputSize) - first;
            Quantise(key.Filter, weights[..count], first - centre + 0.5, 1 / filterScale, _taps.AsSpan(i * _stride, count));
            (_firsts[i], _counts[i]) = (first, count);
            Pair(_taps.AsSpan(i * _stride, _stride), _pairs.AsSpan(i * _stride, _stride));
        }
        (Start, End) = (_firsts[0], _firsts[^1] + _counts[^1]);
    }

    /// <summary>Number of output positions of the window.</summary>
    internal int Size { get; }

    /// <summary>The first input position that the window reads.</summary>
    internal int Start { get; }

    /// <summary>One past the last input position that the window reads.</summary>
    internal int End { get; }

    /// <summary>Returns the weights of a window, cached.</summary>
    /// <param name="inputSize">Pixels of the input along this axis.</param>
    /// <param name="outputSize">Pixels of the whole output along this axis.</param>
    /// <param name="windowStart">First output position of the window.</param>
    /// <param name="windowSize">Number of output positions of the window.</param>
    /// <param name="filter">Resampling filter.</param>
    internal static ResizeWeights Get(int inputSize, int outputSize, int windowStart, int windowSize, ResizeFilter filter)
    {
        var key = new Key(inputSize, outputSize, windowStart, windowSize, filter);
        if (_cache.TryGetValue(key, out var known)) return known;
        var weights = new ResizeWeights(key);
        if (weights._taps.Length > MaxCachedTaps) return weights;
        if (_cache.Count >= MaxCached) _cache.Clear();
        return _cache.GetOrAdd(key, weights);
    }

    /// <summary>Returns the taps of an output position of the window; <paramref name="first"/> is the input position of the first tap.</summary>
    internal ReadOnlySpan<int> Taps(int position, out int first)
    {
        first = _firsts[position];
        return _taps.AsSpan(position * _stride, _counts[position]);
    }

    /// <summary>
    /// Returns the same taps in pairs: the upper parts of both as the 16-bit halves of one number, then their lower parts. An odd last tap is paired
    /// with zero.
    /// </summary>
    internal ReadOnlySpan<int> Pairs(int position, out int first)
    {
        first = _firsts[position];
        return _pairs.AsSpan(position * _stride, (_counts[position] + 1) / 2 * 2);
    }

    private static void Pair(ReadOnlySpan<int> taps, Span<int> pairs)
    {
        const int LowerMask = (1 << LowerBits) - 1;
        for (var i = 0; i < taps.Length; i += 2)
        {
            pairs[i] = ((taps[i] >> LowerBits) & 0xFFFF) | (taps[i + 1] >> LowerBits << 16);
            pairs[i + 1] = (taps[i] & LowerMask) | ((taps[i + 1] & LowerMask) << 16);
        }
    }

    private static void Quantise(ResizeFilter filter, Span<double> weights, double offset, double step, Span<int> taps)
    {
        var sum = 0.0;
        for (var i = 0; i < weights.Length; i++) sum += weights[i] = Filter(filter, (i + offset) * step);
        for (var i = 0; i < weights.Length; i++)
        {
            var weight = (sum != 0 ? weights[i] / sum : weights[i]) * (1 << PrecisionBits);
            taps[i] = (int)(weight < 0 ? weight - 0.5 : weight + 0.5);
        }
    }

    /// <summary>Returns the support of a filter in pixels.</summary>
    private static double Support(ResizeFilter filter) => filter switch
    {
        ResizeFilter.Bilinear => 1,
        ResizeFilter.Bicubic => 2,
        _ => throw new ArgumentOutOfRangeException(nameof(filter), filter, $"The filter '{filter}' is not known."),
    };

    private static double Filter(ResizeFilter filter, double x)
    {
        x = Math.Abs(x);
        if (filter == ResizeFilter.Bilinear) return Math.Max(1 - x, 0);
        if (x < 1) return ((((A + 2) * x) - (A + 3)) * x * x) + 1;
        return x < 2 ? ((((x - 5) * x) + 8) * x - 4) * A : 0;
    }
}
