using SkiaSharp;

namespace VideoCaptionRetrieval.Models.Imaging;

/// <summary>Writes RGB images as JPEG. Thread-safe.</summary>
internal static class JpegImage
{
    /// <param name="rgb">[height, width, 3].</param>
    /// <param name="width">Width in pixels.</param>
    /// <param name="height">Height in pixels.</param>
    /// <param name="quality">1 to 100.</param>
    internal static byte[] Encode(ReadOnlySpan<byte> rgb, int width, int height, int quality)
    {
        using var bitmap = new SKBitmap(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque);
        var pixels = bitmap.GetPixelSpan();
        unsafe
        {
            fixed (byte* target = pixels)
            {
                for (var i = 0; i < width * height; i++)
                {
                    rgb.Slice(3 * i, 3).CopyTo(new Span<byte>(target + (4 * i), 3));
                    target[(4 * i) + 3] = byte.MaxValue;
                }
            }
        }
        using var data = bitmap.Encode(SKEncodedImageFormat.Jpeg, quality);
        return data.ToArray();
    }
}
