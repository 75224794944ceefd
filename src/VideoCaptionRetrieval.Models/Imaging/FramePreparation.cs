namespace VideoCaptionRetrieval.Models.Imaging;

/// <summary>
/// Makes the square frame that a network sees from an image of any shape, to the byte as the published transforms. Thread-safe.
/// </summary>
internal static class FramePreparation
{
    /// <summary>Resizes and crops an image by the rules of <paramref name="format"/>.</summary>
    /// <param name="rgb">[height, width, 3], row-major.</param>
    /// <param name="width">Width in pixels.</param>
    /// <param name="height">Height in pixels.</param>
    /// <param name="format">Size, fit and crop rule.</param>
    /// <param name="frame">[Size, Size, 3], written.</param>
    /// <exception cref="ArgumentException">The spans do not have the lengths that the sizes ask for.</exception>
    internal static void Prepare(ReadOnlySpan<byte> rgb, int width, int height, FrameFormat format, Span<byte> frame)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(format.Size, 1, nameof(format));
        if (rgb.Length != 3L * width * height)
            throw new ArgumentException($"An image of {width}x{height} has {3L * width * height} bytes; got {rgb.Length}.", nameof(rgb));
        if (frame.Length != format.FrameBytes)
            throw new ArgumentException(
                $"A frame of {format.Size}x{format.Size} has {format.FrameBytes} bytes; got {frame.Length}.", nameof(frame));

        var size = format.Size;
        if (format.Fit == FrameFit.Stretch)
        {
            BicubicResize.Resize(rgb, width, height, size, size, 0, 0, size, frame);
            return;
        }
        // The shorter side becomes exactly the frame's size, so a crop never reaches outside the image and no rule has to pad.
        var (wide, high) = width <= height ? (size, LongSide(size, height, width)) : (LongSide(size, width, height), size);
        BicubicResize.Resize(rgb, width, height, wide, high, CropStart(wide, format), CropStart(high, format), size, frame);
    }

    private static int LongSide(int size, int longer, int shorter) => checked((int)((double)((long)size * longer) / shorter));

    private static int CropStart(int length, FrameFormat format) => format.CropRule == CropRule.HuggingFace
        ? (length - format.Size) / 2
        : (int)Math.Round((length - format.Size) / 2.0, MidpointRounding.ToEven);
}
