
namespace VideoCaptionRetrieval.Models.Checkpoints;

/// <summary>The element types of the safetensors format, by name.</summary>
internal static class SafetensorsType
{
    private static readonly (string Name, TensorType Type, int Size)[] Known =
    [
        ("F64", TensorType.Float64, 8), ("F32", TensorType.Float32, 4), ("F16", TensorType.Float16, 2), ("BF16", TensorType.BFloat16, 2),
        ("I64", TensorType.Int64, 8), ("I32", TensorType.Int32, 4), ("I16", TensorType.Int16, 2), ("I8", TensorType.Int8, 1),
        ("U8", TensorType.Byte, 1), ("BOOL", TensorType.Bool, 1),
    ];

    internal static bool TryParse(string name, out TensorType type)
    {
        foreach (var known in Known)
        {
            if (known.Name != name) continue;
            type = known.Type;
            return true;
        }
        type = default;
        return false;
    }

    /// <summary>Size of an element in bytes.</summary>
    internal static int SizeOf(TensorType type)
    {
        foreach (var known in Known)
            if (known.Type == type) return known.Size;
        throw new ArgumentException($"Tensors of type {type} are not implemented.", nameof(type));
    }

    internal static string NameOf(TensorType type)
    {
        foreach (var known in Known)
            if (known.Type == type) return known.Name;
        throw new ArgumentException($"Tensors of type {type} have no name in the safetensors format.", nameof(type));
    }
}
