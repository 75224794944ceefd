using System.Buffers.Binary;
using System.IO.Compression;

namespace VideoCaptionRetrieval.Models.Imaging;

/// <summary>
/// Decodes PNG files with 16-bit grey levels to 8 bits as Pillow's convert("RGB") does: levels above 255 are clipped, not scaled.
/// Skia keeps the upper byte only, which loses them.
/// </summary>
internal static class Grey16Png
{
    private const int BytesPerPixel = 2;
    private const int HeaderLength = 33;

    private readonly record struct Pass(int X, int Y, int StepX, int StepY);

    private static readonly Pass[] _whole = [new(0, 0, 1, 1)];
    private static readonly Pass[] _adam7 =
        [new(0, 0, 8, 8), new(4, 0, 8, 8), new(0, 4, 4, 8), new(2, 0, 4, 4), new(0, 2, 2, 4), new(1, 0, 2, 2), new(0, 1, 1, 2)];

    private static ReadOnlySpan<byte> Signature => [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>Whether this is a PNG of colour type 0 (grey) and bit depth 16.</summary>
    internal static bool Recognise(ReadOnlySpan<byte> file) =>
        file.Length >= HeaderLength && file.StartsWith(Signature) && file[12..16].SequenceEqual("IHDR"u8) && file[24] == 16
            && file[25] == 0;

    /// <summary>Decodes a file that <see cref="Recognise"/> accepted.</summary>
    /// <returns>[height, width, 3].</returns>
    /// <exception cref="InvalidDataException">The image data is damaged.</exception>
    /// <exception cref="EndOfStreamException">The image data ends early.</exception>
    internal static byte[] Decode(ReadOnlySpan<byte> file, int width, int height)
    {
        var pixels = new byte[3 * width * height];
        using var rows = new ZLibStream(ImageData(file), CompressionMode.Decompress);
        foreach (var pass in file[28] == 0 ? _whole : _adam7)
        {
            var columns = (width - pass.X + pass.StepX - 1) / pass.StepX;
            if (columns <= 0) continue;
            var row = new byte[columns * BytesPerPixel];
            var above = new byte[row.Length];
            for (var y = pass.Y; y < height; y += pass.StepY)
            {
                var filter = rows.ReadByte();
                rows.ReadExactly(row);
                Unfilter(filter, row, above);
                for (var i = 0; i < columns; i++)
                {
                    var level = (byte)Math.Min(BinaryPrimitives.ReadUInt16BigEndian(row.AsSpan(i * BytesPerPixel)), byte.MaxValue);
                    pixels.AsSpan(3 * ((y * width) + pass.X + (i * pass.StepX)), 3).Fill(level);
                }
                (row, above) = (above, row);
            }
        }
        return pixels;
    }

    private static MemoryStream ImageData(ReadOnlySpan<byte> file)
    {
        var data = new MemoryStream();
        for (var at = Signature.Length; at + 12 <= file.Length;)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(file[at..]);
            if (length > file.Length - at - 12) throw new EndOfStreamException();
            if (file.Slice(at + 4, 4).SequenceEqual("IDAT"u8)) data.Write(file.Slice(at + 8, (int)length));
            at += 12 + (int)length;
        }
        data.Position = 0;
        return data;
    }

    /// <summary>Undoes a row filter (PNG specification, 9.2): each byte is stored as a difference from a prediction by its neighbours.</summary>
    private static void Unfilter(int filter, Span<byte> row, ReadOnlySpan<byte> above)
    {
        if (filter is < 0 or > 4) throw new InvalidDataException($"row filter {filter} is unknown; expected 0 to 4");
        for (var i = 0; i < row.Length; i++)
        {
            int left = i < BytesPerPixel ? 0 : row[i - BytesPerPixel], up = above[i],
                corner = i < BytesPerPixel ? 0 : above[i - BytesPerPixel];
            row[i] += (byte)(filter switch
            {
                0 => 0,
                1 => left,
                2 => up,
                3 => (left + up) / 2,
                _ => Paeth(left, up, corner),
            });
        }
    }

    private static int Paeth(int left, int up, int corner)
    {
        var estimate = left + up - corner;
        int toLeft = Math.Abs(estimate - left), toUp = Math.Abs(estimate - up), toCorner = Math.Abs(estimate - corner);
        if (toLeft <= toUp && toLeft <= toCorner) return left;
        return toUp <= toCorner ? up : corner;
    }
}
