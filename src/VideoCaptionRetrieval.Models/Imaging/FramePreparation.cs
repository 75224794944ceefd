using System.Buffers;

namespace VideoCaptionRetrieval.Models.Imaging;

/// <summary>
/// Prepares frames from images of any shape, equal to the published transforms to the byte. Thread-safe.
/// </summary>
public static class FramePreparation
{
    /// <summary>Largest frame: without a crop, a very elongated image would become an enormous one.</summary>
    private const long MaximumPixels = 64_000_000;

    /// <summary>Computes the size of an image's frame in pixels.</summary>
    /// <exception cref="ArgumentException">The frame would be too large.</exception>
    public static (int Width, int Height) OutputSize(int width, int height, FrameFormat format)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(format.Size, 1, nameof(format));
        if (format.HasFixedSize) return (format.Size, format.Size);
        var longest = (double)format.Size * Math.Max(width, height) / Math.Min(width, height);
        if (longest * format.Size > MaximumPixels)
        {
            throw new ArgumentException(
                Invariant($"An image of {width}x{height} pixels would become one of {format.Size}x{longest:0}; at most {MaximumPixels} pixels are made."));
        }
        return Covering(width, height, format.Size);
    }

    /// <summary>Prepares the frame of an image as <paramref name="format"/> says.</summary>
    /// <param name="rgb">[height, width, 3], row-major.</param>
    /// <param name="width">Width in pixels.</param>
    /// <param name="height">Height in pixels.</param>
    /// <param name="format">Size, fit and crop rule.</param>
    /// <param name="frame">[H, W, 3], as <see cref="OutputSize"/> says, written.</param>
    /// <exception cref="ArgumentException">The spans do not have the lengths that the sizes require.</exception>
    public static void Prepare(ReadOnlySpan<byte> rgb, int width, int height, FrameFormat format, Span<byte> frame)
    {
        var (frameWidth, frameHeight) = OutputSize(width, height, format);
        if (rgb.Length != 3L * width * height)
            throw new ArgumentException($"An image of {width}x{height} has {3L * width * height} bytes; got {rgb.Length}.", nameof(rgb));
        if (frame.Length != 3L * frameWidth * frameHeight)
            throw new ArgumentException(
                $"A frame of {frameWidth}x{frameHeight} has {3L * frameWidth * frameHeight} bytes; got {frame.Length}.", nameof(frame));

        var size = format.Size;
        // The shorter side becomes exactly the frame's size, so a crop never exceeds the image and never needs padding.
        var (wide, high) = format.Fit == FrameFit.Stretch ? (size, size) : Covering(width, height, size);
        switch (format.Fit)
        {
            case FrameFit.Pad:
                Pad(rgb, width, height, format, frame);
                break;
            case FrameFit.ShortestEdge:
                PillowResize.Resize(rgb, width, height, wide, high, frame, format.Filter);
                break;
            case FrameFit.CenterCrop or FrameFit.Stretch:
                PillowResize.Resize(rgb, width, height, wide, high, CropStart(wide, format), CropStart(high, format), size, frame,
                    filter: format.Filter);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(format), format.Fit, $"The fit '{format.Fit}' is not known.");
        }
    }

    private static void Pad(ReadOnlySpan<byte> rgb, int width, int height, FrameFormat format, Span<byte> frame)
    {
        var size = format.Size;
        var (wide, high) = width >= height ? (size, ShortSide(size, height, width)) : (ShortSide(size, width, height), size);
        var picture = ArrayPool<byte>.Shared.Rent(3 * wide * high);
        try
        {
            PillowResize.Resize(rgb, width, height, wide, high, picture.AsSpan(0, 3 * wide * high), format.Filter);
            frame.Clear();
            var (left, top) = ((size - wide) / 2, (size - high) / 2);
            for (var y = 0; y < high; y++)
                picture.AsSpan(3 * wide * y, 3 * wide).CopyTo(frame[(3 * ((size * (top + y)) + left))..]);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(picture);
        }
    }

    /// <summary>Computes width and height of the image whose shorter side is resized to <paramref name="size"/>.</summary>
    private static (int Width, int Height) Covering(int width, int height, int size) =>
        width <= height ? (size, LongSide(size, height, width)) : (LongSide(size, width, height), size);

    private static int ShortSide(int size, int shorter, int longer) => Math.Max((int)((double)((long)size * shorter) / longer), 1);

    private static int LongSide(int size, int longer, int shorter) => checked((int)((double)((long)size * longer) / shorter));

    private static int CropStart(int length, FrameFormat format) => format.CropRule switch
    {
        CropRule.HuggingFace => (length - format.Size) / 2,
        CropRule.Torchvision => (int)Math.Round((length - format.Size) / 2.0, MidpointRounding.ToEven),
        _ => throw new ArgumentOutOfRangeException(nameof(format), format.CropRule, $"The crop rule '{format.CropRule}' is not known."),
    };
}
