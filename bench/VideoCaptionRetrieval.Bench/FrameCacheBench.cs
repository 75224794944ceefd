using System.Globalization;
using System.IO.Compression;
using System.IO.Hashing;
using SkiaSharp;
using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.Video.Reading;

namespace VideoCaptionRetrieval.Bench;

/// <summary>Lossless ways to keep prepared frames in a file: size, and the time to write and to read them, checked.</summary>
internal static class FrameCacheBench
{
    private const int Size = 224, FramesPerVideo = 4;

    private delegate byte[] Conversion(byte[] bytes);

    /// <param name="arguments">A folder of videos.</param>
    internal static void Run(string[] arguments)
    {
        if (arguments is not [var folder])
        {
            Console.Error.WriteLine("Give a folder of videos.");
            return;
        }
        var frames = Frames(folder);
        (string Name, Conversion Pack, Conversion Unpack)[] ways =
        [
            ("raw", bytes => bytes, bytes => bytes),
            ("Deflate, fastest", Deflate, Inflate),
            ("difference to the left pixel, Deflate, fastest", bytes => Deflate(Difference(bytes)), bytes => Sum(Inflate(bytes))),
            ("Brotli 1", bytes => Brotli(bytes), Unbrotli),
            ("difference to the left pixel, Brotli 1", bytes => Brotli(Difference(bytes)), bytes => Sum(Unbrotli(bytes))),
            ("PNG (SkiaSharp)", bytes => Skia(bytes, SKEncodedImageFormat.Png), Unskia),
        ];
        var write = new PairedTiming(7);
        var read = new PairedTiming(7);
        foreach (var (name, pack, unpack) in ways)
        {
            var packed = frames.ConvertAll(frame => pack(frame));
            if (!frames.Zip(packed).All(pair => pair.First.AsSpan().SequenceEqual(unpack(pair.Second)))) throw new InvalidDataException(name);
            var size = string.Create(CultureInfo.InvariantCulture, $"{name}, {packed.Average(bytes => bytes.Length) / 1024:0} KiB a frame");
            write.Add(size, () => frames.ForEach(frame => pack(frame)));
            read.Add(size, () => packed.ForEach(bytes =>
            {
                XxHash128.Hash(bytes);
                unpack(bytes);
            }));
        }
        Report.Table($"pack a frame of {Size} pixels", "frames", frames.Count, write.Measure());
        Report.Table("check and unpack it", "frames", frames.Count, read.Measure());
    }

    private static List<byte[]> Frames(string folder)
    {
        var reader = new VideoFrameReader(new());
        var frames = new List<byte[]>();
        foreach (var path in Directory.GetFiles(folder))
        {
            try
            {
                var sampled = reader.Read(new(path, path), [new(FramesPerVideo, new FrameFormat(Size))]);
                frames.AddRange(sampled.Frames[0].Chunk(3 * Size * Size));
            }
            catch (VideoReadException)
            {
                // Not every file is a video.
            }
        }
        return frames;
    }

    private static byte[] Deflate(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var stream = new DeflateStream(packed, CompressionLevel.Fastest, leaveOpen: true)) stream.Write(bytes);
        return packed.ToArray();
    }

    private static byte[] Inflate(byte[] packed)
    {
        var bytes = new byte[3 * Size * Size];
        using var stream = new DeflateStream(new MemoryStream(packed), CompressionMode.Decompress);
        stream.ReadExactly(bytes);
        return bytes;
    }

    private static byte[] Brotli(byte[] bytes)
    {
        var packed = new byte[BrotliEncoder.GetMaxCompressedLength(bytes.Length)];
        if (!BrotliEncoder.TryCompress(bytes, packed, out var length, quality: 1, window: 18)) throw new InvalidDataException("Brotli");
        return packed[..length];
    }

    private static byte[] Unbrotli(byte[] packed)
    {
        var bytes = new byte[3 * Size * Size];
        if (!BrotliDecoder.TryDecompress(packed, bytes, out _)) throw new InvalidDataException("Brotli");
        return bytes;
    }

    private static byte[] Difference(byte[] bytes)
    {
        var differences = (byte[])bytes.Clone();
        for (var i = 3; i < bytes.Length; i++) differences[i] = (byte)(bytes[i] - bytes[i - 3]);
        return differences;
    }

    private static byte[] Sum(byte[] differences)
    {
        for (var i = 3; i < differences.Length; i++) differences[i] += differences[i - 3];
        return differences;
    }

    private static byte[] Skia(byte[] rgb, SKEncodedImageFormat format)
    {
        var pixels = new byte[4 * Size * Size];
        for (int from = 0, to = 0; from < rgb.Length; from += 3, to += 4)
        {
            rgb.AsSpan(from, 3).CopyTo(pixels.AsSpan(to));
            pixels[to + 3] = byte.MaxValue;
        }
        using var image = SKImage.FromPixelCopy(new SKImageInfo(Size, Size, SKColorType.Rgba8888, SKAlphaType.Opaque), pixels);
        using var data = image.Encode(format, quality: 100);
        return data.ToArray();
    }

    private static byte[] Unskia(byte[] packed)
    {
        using var bitmap = SKBitmap.Decode(packed, new SKImageInfo(Size, Size, SKColorType.Rgba8888, SKAlphaType.Opaque));
        var pixels = bitmap.GetPixelSpan();
        var rgb = new byte[3 * Size * Size];
        for (int from = 0, to = 0; to < rgb.Length; from += 4, to += 3) pixels.Slice(from, 3).CopyTo(rgb.AsSpan(to));
        return rgb;
    }
}
