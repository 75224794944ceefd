using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Models.Checkpoints;

/// <summary>The element types of the safetensors format, by name.</summary>
internal static class SafetensorsType
{
    private static readonly (string Name, ScalarType Type, int Size)[] Known =
    [
        ("F64", ScalarType.Float64, 8), ("F32", ScalarType.Float32, 4), ("F16", ScalarType.Float16, 2), ("BF16", ScalarType.BFloat16, 2),
        ("I64", ScalarType.Int64, 8), ("I32", ScalarType.Int32, 4), ("I16", ScalarType.Int16, 2), ("I8", ScalarType.Int8, 1),
        ("U8", ScalarType.Byte, 1), ("BOOL", ScalarType.Bool, 1),
    ];

    internal static bool TryParse(string name, out ScalarType type, out int elementSize)
    {
        foreach (var known in Known)
        {
            if (known.Name != name) continue;
            (_, type, elementSize) = known;
            return true;
        }
        (type, elementSize) = (default, 0);
        return false;
    }

    internal static string NameOf(ScalarType type)
    {
        foreach (var known in Known)
            if (known.Type == type) return known.Name;
        throw new ArgumentException($"Tensors of type {type} have no name in the safetensors format.", nameof(type));
    }
}
