using SkiaSharp;

namespace VideoCaptionRetrieval.Models.Imaging;

/// <summary>
/// Decodes image files (JPEG, PNG, GIF, WebP, BMP …) to RGB as Pillow's convert("RGB") does: alpha is dropped without blending,
/// EXIF orientation is ignored, and an animation gives its first frame. Thread-safe.
/// </summary>
public static class ImageFile
{
    /// <summary>Largest image in pixels, beyond any camera: a file of a few hundred bytes may claim more to exhaust memory.</summary>
    internal const long MaximumPixels = 64_000_000;

    private const long MaximumBytes = 1L << 30;

    /// <summary>Decodes the file.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file holds no readable image, or one that is too large; the message names the file.</exception>
    public static RgbImage Load(string path)
    {
        var info = new FileInfo(path);
        if (Directory.Exists(path)) throw Unreadable(path, "is a folder; expected an image file");
        if (!info.Exists) throw new FileNotFoundException($"Image file '{path}' does not exist.", path);
        // A pipe or a device has no length; reading it might never end.
        if (info.Length == 0) throw Unreadable(path, "is empty or no regular file");
        if (info.Length > MaximumBytes) throw Unreadable(path, $"has {info.Length} bytes; at most {MaximumBytes} are read");
        return Decode(File.ReadAllBytes(path), path);
    }

    private static RgbImage Decode(byte[] file, string path)
    {
        using var data = SKData.CreateCopy(file);
        using var codec = SKCodec.Create(data)
            ?? throw Unreadable(path, "is no image in a known format (JPEG, PNG, GIF, WebP, BMP), or is damaged");
        var (width, height) = (codec.Info.Width, codec.Info.Height);
        if ((long)width * height > MaximumPixels)
            throw Unreadable(path, $"claims {width}x{height} pixels; at most {MaximumPixels} are decoded");
        if (!Grey16Png.Recognise(file)) return new(width, height, Rgb(codec, 0, path));
        try
        {
            return new(width, height, Grey16Png.Decode(file, width, height));
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            throw Unreadable(path, "holds damaged or incomplete image data", e);
        }
    }

    /// <summary>Decodes one complete frame of an image that may be animated, including what it keeps of earlier frames.</summary>
    /// <returns>[height, width, 3].</returns>
    public static byte[] Rgb(SKCodec codec, int frame, string path)
    {
        // No colour space: pixel values as stored. Not premultiplied, since alpha is dropped and must not dim the colours.
        var info = new SKImageInfo(codec.Info.Width, codec.Info.Height, SKColorType.Rgba8888,
            codec.Info.AlphaType == SKAlphaType.Opaque ? SKAlphaType.Opaque : SKAlphaType.Unpremul);
        using var bitmap = new SKBitmap(info);
        var result = codec.GetPixels(info, bitmap.GetPixels(), frame == 0 ? SKCodecOptions.Default : new SKCodecOptions(frame));
        if (result != SKCodecResult.Success) throw Unreadable(path, $"holds damaged or incomplete image data ({result})");
        var rgba = bitmap.GetPixelSpan();
        var rgb = new byte[3 * info.Width * info.Height];
        for (int from = 0, to = 0; to < rgb.Length; from += 4, to += 3)
        {
            rgb[to] = rgba[from];
            rgb[to + 1] = rgba[from + 1];
            rgb[to + 2] = rgba[from + 2];
        }
        return rgb;
    }

    private static InvalidDataException Unreadable(string path, string problem, Exception? cause = null) =>
        new($"Image file '{path}' {problem}.", cause);
}

/// <summary>A decoded image: [Height, Width, 3] bytes, RGB, row-major.</summary>
public sealed record RgbImage(int Width, int Height, byte[] Pixels);
