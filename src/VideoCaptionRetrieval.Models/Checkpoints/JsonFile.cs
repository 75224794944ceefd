using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace VideoCaptionRetrieval.Models.Checkpoints;

/// <summary>Reads and writes the text of JSON files as other programs expect it.</summary>
internal static class JsonFile
{
    private static readonly byte[] Utf8Mark = [0xEF, 0xBB, 0xBF], LittleEndianMark = [0xFF, 0xFE], BigEndianMark = [0xFE, 0xFF];

    /// <summary>Reads a file as UTF-8 without the byte order mark that Windows editors put first; PowerShell's UTF-16 is converted.</summary>
    internal static ReadOnlyMemory<byte> Read(string path) => Decode(File.ReadAllBytes(path));

    /// <summary>Whether a file begins with a JSON object, by its first bytes.</summary>
    internal static bool StartsObject(byte[] head) => Decode(head).Span.TrimStart(" \t\r\n"u8) is [(byte)'{', ..];

    /// <summary>Creates a number that other programs read as a float: 1 is written 1.0, which transformers demands of some keys.</summary>
    internal static JsonNode Float(double value)
    {
        var text = value.ToString("R", CultureInfo.InvariantCulture);
        return JsonNode.Parse(text.AsSpan().ContainsAny('.', 'E') ? text : text + ".0")!;
    }

    /// <summary>Creates a list of such numbers.</summary>
    internal static JsonArray Floats(IEnumerable<double> values) => new([.. values.Select(Float)]);

    private static ReadOnlyMemory<byte> Decode(byte[] bytes)
    {
        var start = bytes.AsSpan();
        if (start.StartsWith(Utf8Mark)) return bytes.AsMemory(Utf8Mark.Length);
        if (start.StartsWith(LittleEndianMark)) return Encoding.UTF8.GetBytes(Encoding.Unicode.GetString(start[LittleEndianMark.Length..]));
        return start.StartsWith(BigEndianMark)
            ? Encoding.UTF8.GetBytes(Encoding.BigEndianUnicode.GetString(start[BigEndianMark.Length..]))
            : bytes;
    }
}
