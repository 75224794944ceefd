using SkiaSharp;
using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.Models.Imaging;

namespace VideoCaptionRetrieval.Bench;

/// <summary>Resize and centre crop of video frames to what CLIP takes, and the numbers that its network takes.</summary>
internal static class PreprocessBench
{
    private const int Size = 224;

    internal static void Run()
    {
        foreach (var (width, height) in new[] { (320, 180), (1280, 720), (1920, 1080) }) Resize(width, height);
        Normalise();
    }

    private static void Resize(int width, int height)
    {
        var image = new byte[3 * width * height];
        new Random(1).NextBytes(image);
        var wide = Size * width / height;
        var frame = new byte[3 * Size * Size];
        var timing = new PairedTiming();
        foreach (var vectors in Enum.GetValues<VectorWidth>().Where(VectorWidths.Supported))
        {
            var chosen = vectors == VectorWidths.Widest ? " (chosen here)" : "";
            var name = vectors == VectorWidth.Scalar ? "plain loop" : $"vectors, {vectors}{chosen}";
            var left = (wide - Size) / 2;
            timing.Add(name, () => PillowResize.Resize(image, width, height, wide, Size, left, 0, Size, frame, vectors));
        }
        using var bitmap = Bitmap(image, width, height);
        timing.Add("SkiaSharp, SKFilterQuality.High (other numbers than Pillow's)", () => Skia(bitmap, wide, frame));
        timing.Add("SkiaSharp, SKFilterQuality.Medium (other numbers than Pillow's)", () => Skia(bitmap, wide, frame, SKFilterQuality.Medium));
        Report.Table($"{width}x{height} → {Size}, one thread", "images", 1, timing.Measure());
    }

    private static SKBitmap Bitmap(byte[] rgb, int width, int height)
    {
        var bitmap = new SKBitmap(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque);
        bitmap.Pixels = [.. Enumerable.Range(0, width * height).Select(i => new SKColor(rgb[3 * i], rgb[(3 * i) + 1], rgb[(3 * i) + 2]))];
        return bitmap;
    }

    // The bitmap is made beforehand: a decoder can deliver four channels as well as three.
    private static void Skia(SKBitmap bitmap, int wide, byte[] frame, SKFilterQuality quality = SKFilterQuality.High)
    {
        using var resized = bitmap.Resize(new SKImageInfo(wide, Size, SKColorType.Rgba8888, SKAlphaType.Opaque), quality);
        var pixels = resized.GetPixelSpan();
        var left = (wide - Size) / 2;
        for (int y = 0, at = 0; y < Size; y++)
            for (var x = 0; x < Size; x++, at += 3)
                pixels.Slice(((y * wide) + left + x) * 4, 3).CopyTo(frame.AsSpan(at));
    }

    private static void Normalise()
    {
        const int Count = 8;
        var preprocessing = new ImagePreprocessing(new FrameFormat(Size));
        var frames = new byte[Count * 3 * Size * Size];
        new Random(2).NextBytes(frames);
        var values = new float[frames.Length];
        Report.Table($"normalise {Count} frames of {Size} pixels, one thread", "images", Count, new PairedTiming()
            .Add("plain loop", () => Plain(preprocessing, frames, Count, values))
            .Add("table, one pass", () => preprocessing.Normalise(frames, Count, values))
            .Measure());
    }

    private static void Plain(ImagePreprocessing preprocessing, byte[] frames, int count, float[] values)
    {
        const int Plane = Size * Size;
        for (var frame = 0; frame < count; frame++)
            for (var channel = 0; channel < 3; channel++)
                for (var i = 0; i < Plane; i++)
                {
                    var level = (float)(frames[(((frame * Plane) + i) * 3) + channel] * preprocessing.RescaleFactor);
                    values[(((frame * 3) + channel) * Plane) + i] =
                        (level - (float)preprocessing.Mean[channel]) / (float)preprocessing.StandardDeviation[channel];
                }
    }
}
