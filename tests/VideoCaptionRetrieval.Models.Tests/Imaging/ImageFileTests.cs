using System.Buffers.Binary;
using System.IO.Compression;
using SkiaSharp;
using VideoCaptionRetrieval.Models.Imaging;
using VideoCaptionRetrieval.TestSupport;

namespace VideoCaptionRetrieval.Models.Tests.Imaging;

public sealed class ImageFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("vcr-images-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Load_TransparentPixels_KeepTheirColour()
    {
        byte[] rgba = [255, 0, 0, 0, 10, 20, 30, 1, 40, 50, 60, 128, 70, 80, 90, 255];
        var image = ImageFile.Load(Write("alpha.png", Png(2, 2, 8, 6, [0, .. rgba[..8], 0, .. rgba[8..]])));
        Assert.Equal([255, 0, 0, 10, 20, 30, 40, 50, 60, 70, 80, 90], image.Pixels);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Load_Grey16_ClipsLevelsAbove255(byte interlace)
    {
        // One pixel: a whole image and the first pass of an interlaced one are the same bytes.
        Assert.Equal([255, 255, 255], ImageFile.Load(Write("high.png", Png(1, 1, 16, 0, [0, 1, 0], interlace))).Pixels);
        Assert.Equal([7, 7, 7], ImageFile.Load(Write("low.png", Png(1, 1, 16, 0, [0, 0, 7], interlace))).Pixels);
    }

    [Fact]
    public void Load_Grey16WithEveryRowFilter_UndoesThem()
    {
        byte[] rows = [0, 0, 1, 0, 2, 1, 0, 3, 0, 1, 2, 0, 1, 0, 1, 3, 0, 5, 0, 1, 4, 0, 1, 0, 1];
        var levels = ImageFile.Load(Write("filters.png", Png(2, 5, 16, 0, rows))).Pixels.Where((_, i) => i % 3 == 0);
        Assert.Equal([1, 2, 3, 4, 4, 5, 7, 7, 8, 9], levels);
    }

    [Theory]
    [InlineData(8, 2)]
    [InlineData(16, 0)]
    public void Load_ClaimsHugeSize_IsRefusedBeforeDecoding(byte depth, byte colourType)
    {
        var path = Write("bomb.png", Png(65000, 65000, depth, colourType, new byte[1000]));
        Assert.Contains("bomb.png", Assert.Throws<InvalidDataException>(() => ImageFile.Load(path)).Message);
    }

    [Theory]
    [InlineData(8)]
    [InlineData(16)]
    public void Load_DataEndsEarly_IsAnError(byte depth)
    {
        var path = Write("short.png", Png(4, 4, depth, 0, [0, 1, 2, 3, 4]));
        Assert.Contains("short.png", Assert.Throws<InvalidDataException>(() => ImageFile.Load(path)).Message);
    }

    [Fact]
    public void Load_TruncatedJpeg_IsAnError()
    {
        using var bitmap = new SKBitmap(64, 64);
        bitmap.Erase(SKColors.Coral);
        using var encoded = bitmap.Encode(SKEncodedImageFormat.Jpeg, 90);
        var path = Write("cut.jpg", encoded.ToArray()[..^40]);
        Assert.Contains("cut.jpg", Assert.Throws<InvalidDataException>(() => ImageFile.Load(path)).Message);
    }

    [Fact]
    public void Load_NoImage_SaysWhy()
    {
        Assert.Throws<FileNotFoundException>(() => ImageFile.Load(Path.Combine(_folder, "absent.png")));
        Assert.Contains("folder", Assert.Throws<InvalidDataException>(() => ImageFile.Load(_folder)).Message);
        Assert.Contains("empty", Assert.Throws<InvalidDataException>(() => ImageFile.Load(Write("empty.png", []))).Message);
        Assert.Contains("known format", Assert.Throws<InvalidDataException>(() => ImageFile.Load(Write("text.png", "hello"u8.ToArray()))).Message);
    }

    [SkippableFact]
    public void Load_RealPhotographs_DecodesAllButAvif()
    {
        var folder = Path.Combine(ReferenceFolder.Media, "images");
        ReferenceFolder.SkipWhereAbsent(folder);
        foreach (var path in Directory.GetFiles(folder).Where(path => !path.EndsWith(".json", StringComparison.Ordinal)))
        {
            if (path.EndsWith(".avif", StringComparison.Ordinal)) Assert.Throws<InvalidDataException>(() => ImageFile.Load(path));
            else Assert.True(ImageFile.Load(path).Pixels.Distinct().Count() > 16, path);
        }
    }

    private string Write(string name, byte[] content)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllBytes(path, content);
        return path;
    }

    private static byte[] Png(int width, int height, byte depth, byte colourType, byte[] rows, byte interlace = 0)
    {
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9], header[12]) = (depth, colourType, interlace);
        using var data = new MemoryStream();
        using (var deflate = new ZLibStream(data, CompressionLevel.Fastest, leaveOpen: true)) deflate.Write(rows);
        return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, .. Chunk("IHDR"u8, header), .. Chunk("IDAT"u8, data.ToArray()), .. Chunk("IEND"u8, [])];
    }

    private static byte[] Chunk(ReadOnlySpan<byte> name, byte[] data)
    {
        byte[] body = [.. name, .. data];
        byte[] chunk = [.. new byte[4], .. body, .. new byte[4]];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(4 + body.Length), Crc32(body));
        return chunk;
    }

    private static uint Crc32(byte[] bytes)
    {
        var crc = uint.MaxValue;
        foreach (var b in bytes)
        {
            crc ^= b;
            for (var bit = 0; bit < 8; bit++) crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1;
        }
        return ~crc;
    }
}
