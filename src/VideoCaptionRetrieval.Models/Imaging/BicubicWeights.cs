using System.Buffers;

namespace VideoCaptionRetrieval.Models.Imaging;

/// <summary>
/// Pillow's 8-bit bicubic weights along one axis, for a window of the output: for every output position the first input position,
/// the number of taps, and the taps in 22-bit fixed point. Pooled; dispose once, not thread-safe.
/// </summary>
/// <remarks>Pillow 3.3 to 12, libImaging/Resample.c: precompute_coeffs, normalize_coeffs_8bpc, bicubic_filter.</remarks>
internal ref struct BicubicWeights
{
    /// <summary>32 bits less 8 of the pixel and 2 of head room, as in Pillow.</summary>
    internal const int PrecisionBits = 32 - 8 - 2;

    private const double FilterSupport = 2;
    private const double A = -0.5;

    private readonly int[] _taps;
    private readonly int[] _bounds;
    private readonly int _stride;

    /// <param name="inputSize">Pixels of the input along this axis.</param>
    /// <param name="outputSize">Pixels of the whole output along this axis.</param>
    /// <param name="windowStart">The first output position wanted.</param>
    /// <param name="windowSize">The number of output positions wanted.</param>
    internal BicubicWeights(int inputSize, int outputSize, int windowStart, int windowSize)
    {
        var scale = (double)inputSize / outputSize;
        var filterScale = Math.Max(scale, 1);
        var support = FilterSupport * filterScale;
        _stride = ((int)Math.Ceiling(support) * 2) + 1;
        _taps = ArrayPool<int>.Shared.Rent(_stride * windowSize);
        _bounds = ArrayPool<int>.Shared.Rent(2 * windowSize);
        Span<double> weights = new double[_stride];
        for (var i = 0; i < windowSize; i++)
        {
            var centre = (windowStart + i + 0.5) * scale;
            var first = Math.Max((int)(centre - support + 0.5), 0);
            var count = Math.Min((int)(centre + support + 0.5), inputSize) - first;
            Quantise(weights[..count], first - centre + 0.5, 1 / filterScale, _taps.AsSpan(i * _stride, count));
            _bounds[2 * i] = first;
            _bounds[(2 * i) + 1] = count;
        }
        Start = _bounds[0];
        End = _bounds[2 * (windowSize - 1)] + _bounds[(2 * (windowSize - 1)) + 1];
    }

    /// <summary>The first input position that the window reads.</summary>
    internal int Start { get; }

    /// <summary>One past the last input position that the window reads.</summary>
    internal int End { get; }

    /// <summary>The taps of one output position of the window; <paramref name="first"/> is the input position of the first tap.</summary>
    internal readonly ReadOnlySpan<int> Taps(int position, out int first)
    {
        first = _bounds[2 * position];
        return _taps.AsSpan(position * _stride, _bounds[(2 * position) + 1]);
    }

    internal readonly void Dispose()
    {
        ArrayPool<int>.Shared.Return(_taps);
        ArrayPool<int>.Shared.Return(_bounds);
    }

    private static void Quantise(Span<double> weights, double offset, double step, Span<int> taps)
    {
        var sum = 0.0;
        for (var i = 0; i < weights.Length; i++) sum += weights[i] = Filter((i + offset) * step);
        for (var i = 0; i < weights.Length; i++)
        {
            var weight = (sum != 0 ? weights[i] / sum : weights[i]) * (1 << PrecisionBits);
            taps[i] = (int)(weight < 0 ? weight - 0.5 : weight + 0.5);
        }
    }

    private static double Filter(double x)
    {
        x = Math.Abs(x);
        if (x < 1) return ((((A + 2) * x) - (A + 3)) * x * x) + 1;
        return x < 2 ? ((((x - 5) * x) + 8) * x - 4) * A : 0;
    }
}
