using System.Buffers;

namespace VideoCaptionRetrieval.Models.Imaging;

/// <summary>
/// The two passes of <see cref="PillowResize"/> in plain loops: for machines without vectors, and as the reference of the vectorised ones.
/// Thread-safe.
/// </summary>
internal static class ResizeScalar
{
    private const int Channels = 3;
    private const int Half = 1 << (ResizeWeights.PrecisionBits - 1);

    /// <summary>Resizes rows to a window of their width.</summary>
    /// <param name="rgb">[rows, width, 3].</param>
    /// <param name="width">Width of the input.</param>
    /// <param name="weights">Weights of the window's columns.</param>
    /// <param name="rows">The number of rows.</param>
    /// <param name="output">[rows, size, 3], written.</param>
    internal static void Horizontal(ReadOnlySpan<byte> rgb, int width, ResizeWeights weights, int rows, Span<byte> output)
    {
        var size = weights.Size;
        for (var y = 0; y < rows; y++)
        {
            var source = rgb.Slice(y * width * Channels, width * Channels);
            var target = output.Slice(y * size * Channels, size * Channels);
            for (var x = 0; x < size; x++)
            {
                var taps = weights.Taps(x, out var first);
                HorizontalPixel(source.Slice(first * Channels, taps.Length * Channels), taps, target.Slice(x * Channels, Channels));
            }
        }
    }

    /// <summary>Resizes columns to a window of their height.</summary>
    /// <param name="narrow">The rows from <see cref="ResizeWeights.Start"/> on, of <paramref name="bytes"/> bytes each.</param>
    /// <param name="bytes">Length of a row in bytes.</param>
    /// <param name="weights">Weights of the window's rows.</param>
    /// <param name="window">Rows of <paramref name="bytes"/> bytes, written.</param>
    internal static void Vertical(ReadOnlySpan<byte> narrow, int bytes, ResizeWeights weights, Span<byte> window)
    {
        for (var y = 0; y < weights.Size; y++)
        {
            var taps = weights.Taps(y, out var first);
            VerticalRow(narrow[((first - weights.Start) * bytes)..], bytes, taps, window.Slice(y * bytes, bytes));
        }
    }

    private static void HorizontalPixel(ReadOnlySpan<byte> source, ReadOnlySpan<int> taps, Span<byte> pixel)
    {
        int red = Half, green = Half, blue = Half;
        for (var i = 0; i < taps.Length; i++)
        {
            var tap = taps[i];
            var rgb = source.Slice(i * Channels, Channels);
            red += rgb[0] * tap;
            green += rgb[1] * tap;
            blue += rgb[2] * tap;
        }
        pixel[0] = Round(red);
        pixel[1] = Round(green);
        pixel[2] = Round(blue);
    }

    private static void VerticalRow(ReadOnlySpan<byte> rows, int bytes, ReadOnlySpan<int> taps, Span<byte> target)
    {
        var sums = ArrayPool<int>.Shared.Rent(bytes);
        sums.AsSpan(0, bytes).Fill(Half);
        for (var i = 0; i < taps.Length; i++)
        {
            var tap = taps[i];
            var row = rows.Slice(i * bytes, bytes);
            for (var x = 0; x < row.Length; x++) sums[x] += row[x] * tap;
        }
        for (var x = 0; x < target.Length; x++) target[x] = Round(sums[x]);
        ArrayPool<int>.Shared.Return(sums);
    }

    private static byte Round(int sum) => (byte)Math.Clamp(sum >> ResizeWeights.PrecisionBits, 0, byte.MaxValue);
}
