using SkiaSharp;

namespace VideoCaptionRetrieval.Models.Imaging;

/// <summary>Turns RGB bytes into Skia pictures, which can be drawn and encoded. Thread-safe.</summary>
public static class SkiaPicture
{
    /// <summary>Copies pixels into a picture. The caller disposes it.</summary>
    /// <param name="rgb">[height, width, 3].</param>
    /// <param name="width">Width in pixels.</param>
    /// <param name="height">Height in pixels.</param>
    public static SKImage Create(ReadOnlySpan<byte> rgb, int width, int height)
    {
        var pixels = new byte[4 * width * height];
        for (int from = 0, to = 0; to < pixels.Length; from += 3, to += 4)
        {
            rgb.Slice(from, 3).CopyTo(pixels.AsSpan(to));
            pixels[to + 3] = byte.MaxValue;
        }
        return SKImage.FromPixelCopy(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque), pixels);
    }
}

/// <summary>Writes RGB images as JPEG. Thread-safe.</summary>
public static class JpegImage
{
    /// <param name="rgb">[height, width, 3].</param>
    /// <param name="width">Width in pixels.</param>
    /// <param name="height">Height in pixels.</param>
    /// <param name="quality">1 to 100.</param>
    public static byte[] Encode(ReadOnlySpan<byte> rgb, int width, int height, int quality)
    {
        using var picture = SkiaPicture.Create(rgb, width, height);
        using var data = picture.Encode(SKEncodedImageFormat.Jpeg, quality);
        return data.ToArray();
    }
}
