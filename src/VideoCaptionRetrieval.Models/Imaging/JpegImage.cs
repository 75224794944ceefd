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
        using var picture = SkiaPicture.Of(rgb, width, height);
        using var data = picture.Encode(SKEncodedImageFormat.Jpeg, quality);
        return data.ToArray();
    }
}
