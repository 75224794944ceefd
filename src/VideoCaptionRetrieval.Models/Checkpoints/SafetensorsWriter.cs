using System.Text.Json;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Models.Checkpoints;

/// <summary>Writes tensors as a safetensors file, sorted by name, in one atomic step.</summary>
internal static class SafetensorsWriter
{
    private const int Alignment = 8;

    /// <summary>Writes <paramref name="tensors"/> in their own types; tensors on a device are copied one at a time.</summary>
    internal static void Write(string path, IEnumerable<KeyValuePair<string, Tensor>> tensors)
    {
        var sorted = tensors.OrderBy(tensor => tensor.Key, StringComparer.Ordinal).ToList();
        var header = Header(sorted);
        AtomicFile.Write(path, file =>
        {
            file.Write(BitConverter.GetBytes((ulong)header.Length));
            file.Write(header);
            foreach (var (_, tensor) in sorted) WriteData(file, tensor);
        });
    }

    private static byte[] Header(List<KeyValuePair<string, Tensor>> tensors)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartObject("__metadata__");
            json.WriteString("format", "pt");           // transformers refuses files without it
            json.WriteEndObject();
            var offset = 0L;
            foreach (var (name, tensor) in tensors)
            {
                var end = offset + tensor.numel() * tensor.element_size();
                WriteEntry(json, name, tensor, offset, end);
                offset = end;
            }
            json.WriteEndObject();
        }
        while (buffer.Length % Alignment != 0) buffer.WriteByte((byte)' ');
        return buffer.ToArray();
    }

    private static void WriteEntry(Utf8JsonWriter json, string name, Tensor tensor, long start, long end)
    {
        json.WriteStartObject(name);
        json.WriteString("dtype", SafetensorsType.NameOf(tensor.dtype));
        json.WriteStartArray("shape");
        foreach (var size in tensor.shape) json.WriteNumberValue(size);
        json.WriteEndArray();
        json.WriteStartArray("data_offsets");
        json.WriteNumberValue(start);
        json.WriteNumberValue(end);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteData(FileStream file, Tensor tensor)
    {
        using var scope = NewDisposeScope();
        var data = tensor.detach().cpu().contiguous();
        if (data.numel() > 0) file.Write(data.bytes);
    }
}
