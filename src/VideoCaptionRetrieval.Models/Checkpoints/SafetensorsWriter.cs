using System.Text.Json;

namespace VideoCaptionRetrieval.Models.Checkpoints;

/// <summary>Writes tensors as a safetensors file, sorted by name, in one atomic step.</summary>
public static class SafetensorsWriter
{
    private const int Alignment = 8;

    /// <summary>Copies tensors from another file, in their stored types.</summary>
    /// <exception cref="ModelFileException">A tensor is missing.</exception>
    internal static void Copy(string path, WeightsFile source, IEnumerable<string> names) => Write(path, names
        .Select(name => new SafetensorsItem(name, source.Entry(name).Type, source.Entry(name).Shape, file => file.Write(source.Bytes(name)))));

    /// <summary>Writes tensors whose data is produced one tensor at a time.</summary>
    public static void Write(string path, IEnumerable<SafetensorsItem> items)
    {
        var sorted = items.OrderBy(item => item.Name, StringComparer.Ordinal).ToList();
        var header = Header(sorted);
        AtomicFile.Write(path, file =>
        {
            file.Write(BitConverter.GetBytes((ulong)header.Length));
            file.Write(header);
            foreach (var item in sorted) item.WriteData(file);
        });
    }

    private static byte[] Header(List<SafetensorsItem> items)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartObject("__metadata__");
            json.WriteString("format", "pt");           // transformers refuses files without it
            json.WriteEndObject();
            var offset = 0L;
            foreach (var item in items)
            {
                var end = offset + item.Length;
                WriteEntry(json, item, offset, end);
                offset = end;
            }
            json.WriteEndObject();
        }
        while (buffer.Length % Alignment != 0) buffer.WriteByte((byte)' ');
        return buffer.ToArray();
    }

    private static void WriteEntry(Utf8JsonWriter json, SafetensorsItem item, long start, long end)
    {
        json.WriteStartObject(item.Name);
        json.WriteString("dtype", SafetensorsType.NameOf(item.Type));
        json.WriteStartArray("shape");
        foreach (var size in item.Shape) json.WriteNumberValue(size);
        json.WriteEndArray();
        json.WriteStartArray("data_offsets");
        json.WriteNumberValue(start);
        json.WriteNumberValue(end);
        json.WriteEndArray();
        json.WriteEndObject();
    }
}

/// <summary>A tensor to write.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Element type.</param>
/// <param name="Shape">Shape; empty for a scalar.</param>
/// <param name="WriteData">Writes the data: little-endian, row-major, contiguous.</param>
public sealed record SafetensorsItem(string Name, TensorType Type, long[] Shape, Action<Stream> WriteData)
{
    internal long Length => Shape.Aggregate((long)SafetensorsType.SizeOf(Type), (product, size) => product * size);
}
