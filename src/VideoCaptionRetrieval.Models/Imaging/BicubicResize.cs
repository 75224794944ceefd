using System.Buffers;

namespace VideoCaptionRetrieval.Models.Imaging;

/// <summary>
/// Pillow's Image.resize(BICUBIC) on 8-bit RGB, to the byte: two passes, the horizontal one first, each rounded to 8 bits and clipped;
/// a pass that changes nothing is left out. Only the wanted window of the output is computed. Thread-safe.
/// </summary>
internal static class BicubicResize
{
    private const int Channels = 3;

    /// <summary>Resizes to <paramref name="outputWidth"/> × <paramref name="outputHeight"/> and keeps a square window.</summary>
    /// <param name="rgb">[height, width, 3].</param>
    /// <param name="width">Width of the input.</param>
    /// <param name="height">Height of the input.</param>
    /// <param name="outputWidth">Width of the whole resized image.</param>
    /// <param name="outputHeight">Height of the whole resized image.</param>
    /// <param name="left">The window's first column in the resized image.</param>
    /// <param name="top">The window's first row in the resized image.</param>
    /// <param name="size">Width and height of the window.</param>
    /// <param name="window">[size, size, 3], written.</param>
    internal static void Resize(
        ReadOnlySpan<byte> rgb, int width, int height, int outputWidth, int outputHeight, int left, int top, int size, Span<byte> window)
    {
        if (height == outputHeight)
        {
            Horizontal(rgb.Slice(top * width * Channels, size * width * Channels), width, outputWidth, left, size, size, window);
            return;
        }
        var weights = new BicubicWeights(height, outputHeight, top, size);
        var rows = weights.End - weights.Start;
        var narrow = ArrayPool<byte>.Shared.Rent(rows * size * Channels);
        try
        {
            var needed = rgb.Slice(weights.Start * width * Channels, rows * width * Channels);
            Horizontal(needed, width, outputWidth, left, size, rows, narrow);
            Vertical(narrow, in weights, size, window);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(narrow);
            weights.Dispose();
        }
    }

    private static void Horizontal(ReadOnlySpan<byte> rgb, int width, int outputWidth, int left, int size, int rows, Span<byte> output)
    {
        if (width == outputWidth)
        {
            for (var y = 0; y < rows; y++)
                rgb.Slice(((y * width) + left) * Channels, size * Channels).CopyTo(output[(y * size * Channels)..]);
            return;
        }
        var weights = new BicubicWeights(width, outputWidth, left, size);
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
        weights.Dispose();
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

    private static void Vertical(ReadOnlySpan<byte> narrow, in BicubicWeights weights, int size, Span<byte> window)
    {
        var bytes = size * Channels;
        var sums = ArrayPool<int>.Shared.Rent(bytes);
        for (var y = 0; y < size; y++)
        {
            var taps = weights.Taps(y, out var first);
            sums.AsSpan(0, bytes).Fill(Half);
            for (var i = 0; i < taps.Length; i++)
            {
                var tap = taps[i];
                var row = narrow.Slice((first - weights.Start + i) * bytes, bytes);
                for (var x = 0; x < row.Length; x++) sums[x] += row[x] * tap;
            }
            var target = window.Slice(y * bytes, bytes);
            for (var x = 0; x < target.Length; x++) target[x] = Round(sums[x]);
        }
        ArrayPool<int>.Shared.Return(sums);
    }

    private const int Half = 1 << (BicubicWeights.PrecisionBits - 1);

    private static byte Round(int sum) => (byte)Math.Clamp(sum >> BicubicWeights.PrecisionBits, 0, byte.MaxValue);
}
