using System.Buffers.Binary;
using System.Text.Json;

namespace VideoCaptionRetrieval.Models.Checkpoints;

/// <summary>One safetensors file.</summary>
/// <exception cref="ModelFileException">The file is missing, cut off or damaged.</exception>
public sealed class SafetensorsFile(string path) : WeightsFile(path, SafetensorsHeader.Read(path));

/// <summary>
/// Parses the header of a safetensors file and checks every extent before anything is read.
/// Format: 8 bytes little-endian header length, JSON header {name: {dtype, shape, data_offsets}}, raw little-endian row-major data.
/// </summary>
internal static class SafetensorsHeader
{
    private const int LengthBytes = 8;
    internal const long MaximumLength = 100_000_000;     // the limit of the reference implementation
    private const string MetadataKey = "__metadata__";

    /// <summary>Reads where each tensor of a file lies.</summary>
    /// <exception cref="ModelFileException">The file is missing, cut off or damaged.</exception>
    internal static Dictionary<string, TensorEntry> Read(string path)
    {
        if (!File.Exists(path))
            throw new ModelFileException(path, "the file does not exist; expected model weights in safetensors format.");
        using var file = new MappedFile(path);
        if (file.Length < LengthBytes)
            throw new ModelFileException(path, $"the file has {file.Length} bytes; a safetensors file has at least {LengthBytes}.");
        var length = BinaryPrimitives.ReadUInt64LittleEndian(file.Span(0, LengthBytes));
        if (length > MaximumLength || (long)length > file.Length - LengthBytes)
        {
            throw new ModelFileException(path, $"the first 8 bytes announce a header of {length} bytes in a file of {file.Length}; "
                + "this is not a safetensors file, or it was cut off.");
        }
        return Parse(path, file.Span(LengthBytes, (int)length).ToArray(), LengthBytes + (long)length, file.Length);
    }

    private static Dictionary<string, TensorEntry> Parse(string path, ReadOnlyMemory<byte> json, long dataStart, long fileLength)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.EnumerateObject()
                .Where(tensor => tensor.Name != MetadataKey)
                .ToDictionary(tensor => tensor.Name, tensor => ParseEntry(path, tensor, dataStart, fileLength), StringComparer.Ordinal);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException
            or ArgumentException or OverflowException)
        {
            throw new ModelFileException(path, $"the safetensors header is damaged ({e.Message}). Download the file again.", e);
        }
    }

    private static TensorEntry ParseEntry(string path, JsonProperty tensor, long dataStart, long fileLength)
    {
        var typeName = tensor.Value.GetProperty("dtype").GetString() ?? "";
        if (!SafetensorsType.TryParse(typeName, out var type))
            throw new ModelFileException(path, $"tensor '{tensor.Name}' has type '{typeName}', which is not implemented.");
        var shape = tensor.Value.GetProperty("shape").EnumerateArray().Select(x => x.GetInt64()).ToArray();
        var offsets = tensor.Value.GetProperty("data_offsets");
        var (start, end) = (offsets[0].GetInt64(), offsets[1].GetInt64());
        var expected = shape.Aggregate((long)SafetensorsType.SizeOf(type), (product, size) => checked(product * size));
        if (start < 0 || end < start || dataStart + end > fileLength || shape.Any(size => size < 0) || end - start != expected)
        {
            throw new ModelFileException(path, $"tensor '{tensor.Name}' of type {typeName} and shape [{string.Join(", ", shape)}] needs "
                + $"{expected} bytes, but bytes {start} to {end} of {fileLength - dataStart} were found. Download the file again.");
        }
        return new(path, type, shape, dataStart + start);
    }
}
