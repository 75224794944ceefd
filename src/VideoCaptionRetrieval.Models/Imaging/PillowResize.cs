using System.Buffers;

namespace VideoCaptionRetrieval.Models.Imaging;

/// <summary>
/// Resizes 8-bit RGB as Pillow's Image.resize does, to the byte: two passes, the horizontal one first, each rounded to 8 bits and clipped; a pass
/// that changes nothing is skipped. Only the requested window of the output is computed. Thread-safe.
/// </summary>
/// <remarks>Vectors sum rows. The horizontal pass transposes blocks of rows, so that it sums rows too.</remarks>
internal static unsafe class PillowResize
{
    private const int Channels = 3;
    private const int MinBlockRows = 32;

    /// <summary>Resizes to <paramref name="outputWidth"/> × <paramref name="outputHeight"/>.</summary>
    /// <param name="rgb">[height, width, 3].</param>
    /// <param name="width">Width of the input.</param>
    /// <param name="height">Height of the input.</param>
    /// <param name="outputWidth">Width of the output.</param>
    /// <param name="outputHeight">Height of the output.</param>
    /// <param name="output">[outputHeight, outputWidth, 3], written.</param>
    /// <param name="filter">Resampling filter.</param>
    internal static void Resize(ReadOnlySpan<byte> rgb, int width, int height, int outputWidth, int outputHeight, Span<byte> output,
        ResizeFilter filter = ResizeFilter.Bicubic) =>
        Resize(rgb, width, height, outputWidth, outputHeight, 0, 0, outputWidth, outputHeight, output, VectorWidths.Widest, filter);

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
    /// <param name="vectors">Width of the vectors; null = the widest of this machine.</param>
    /// <param name="filter">Resampling filter.</param>
    internal static void Resize(
        ReadOnlySpan<byte> rgb, int width, int height, int outputWidth, int outputHeight, int left, int top, int size, Span<byte> window,
        VectorWidth? vectors = null, ResizeFilter filter = ResizeFilter.Bicubic) =>
        Resize(rgb, width, height, outputWidth, outputHeight, left, top, size, size, window, vectors ?? VectorWidths.Widest, filter);

    private static void Resize(
        ReadOnlySpan<byte> rgb, int width, int height, int outputWidth, int outputHeight, int left, int top, int columns, int lines,
        Span<byte> window, VectorWidth vectors, ResizeFilter filter)
    {
        if (height == outputHeight)
        {
            Horizontal(rgb.Slice(top * width * Channels, lines * width * Channels), width, outputWidth, left, columns, lines, window, vectors, filter);
            return;
        }
        var weights = ResizeWeights.Get(height, outputHeight, top, lines, filter);
        var rows = weights.End - weights.Start;
        var bytes = columns * Channels;
        var narrow = ArrayPool<byte>.Shared.Rent((rows + 1) * bytes);
        var needed = rgb.Slice(weights.Start * width * Channels, rows * width * Channels);
        Horizontal(needed, width, outputWidth, left, columns, rows, narrow, vectors, filter);
        Vertical(narrow, bytes, weights, window, vectors);
        ArrayPool<byte>.Shared.Return(narrow);
    }

    private static void Horizontal(
        ReadOnlySpan<byte> rgb, int width, int outputWidth, int left, int size, int rows, Span<byte> output, VectorWidth vectors,
        ResizeFilter filter)
    {
        if (width == outputWidth)
        {
            for (var y = 0; y < rows; y++)
                rgb.Slice(((y * width) + left) * Channels, size * Channels).CopyTo(output[(y * size * Channels)..]);
            return;
        }
        var weights = ResizeWeights.Get(width, outputWidth, left, size, filter);
        if (vectors == VectorWidth.Scalar) ResizeScalar.Horizontal(rgb, width, weights, rows, output);
        else HorizontalByVectors(rgb[(weights.Start * Channels)..], width * Channels, weights, rows, output, vectors);
    }

    private static void HorizontalByVectors(
        ReadOnlySpan<byte> rgb, int stride, ResizeWeights weights, int rows, Span<byte> output, VectorWidth vectors)
    {
        // As many rows as a vector has bytes, so that one channel of a column is a vector, and the block fits into caches.
        var blockRows = Math.Max(TapSums.Bytes(vectors), MinBlockRows);
        var column = blockRows * Channels;
        var (columns, bytes) = (weights.End - weights.Start, weights.Size * Channels);
        var turned = ArrayPool<byte>.Shared.Rent((columns + 1) * column);
        var resized = ArrayPool<byte>.Shared.Rent(weights.Size * column);
        fixed (byte* source = rgb, block = turned, sums = resized, target = output)
        {
            for (var y = 0; y < rows; y += blockRows)
            {
                var count = Math.Min(blockRows, rows - y);
                ByteTranspose.Transpose(source + ((nint)y * stride), stride, count, columns * Channels, block, blockRows);
                TapSums.Rows(block, column, weights, sums, vectors);
                ByteTranspose.Transpose(sums, blockRows, bytes, count, target + ((nint)y * bytes), bytes);
            }
        }
        ArrayPool<byte>.Shared.Return(turned);
        ArrayPool<byte>.Shared.Return(resized);
    }

    private static void Vertical(byte[] narrow, int bytes, ResizeWeights weights, Span<byte> window, VectorWidth vectors)
    {
        if (vectors == VectorWidth.Scalar || bytes < TapSums.Bytes(vectors))
        {
            ResizeScalar.Vertical(narrow, bytes, weights, window);
            return;
        }
        fixed (byte* rows = narrow, target = window) TapSums.Rows(rows, bytes, weights, target, vectors);
    }
}
