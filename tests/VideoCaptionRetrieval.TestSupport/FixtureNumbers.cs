using System.Runtime.InteropServices;
using VideoCaptionRetrieval.Models.Checkpoints;

namespace VideoCaptionRetrieval.TestSupport;

/// <summary>Tensors of a case as plain arrays, without libtorch.</summary>
internal static class FixtureNumbers
{
    internal static int[] Shape(this SafetensorsFile file, string name) => [.. file.Entries[name].Shape.Select(size => (int)size)];

    internal static float[] Floats(this SafetensorsFile file, string name) => file.Entries[name].Type switch
    {
        TensorType.Float32 => MemoryMarshal.Cast<byte, float>(file.Bytes(name)).ToArray(),
        TensorType.Float16 => [.. MemoryMarshal.Cast<byte, Half>(file.Bytes(name)).ToArray().Select(value => (float)value)],
        TensorType.Float64 => [.. MemoryMarshal.Cast<byte, double>(file.Bytes(name)).ToArray().Select(value => (float)value)],
        var type => throw new NotSupportedException($"'{name}' is of type {type}; expected floating-point numbers."),
    };

    internal static int[] Integers(this SafetensorsFile file, string name) => file.Entries[name].Type switch
    {
        TensorType.Int64 => [.. MemoryMarshal.Cast<byte, long>(file.Bytes(name)).ToArray().Select(value => checked((int)value))],
        TensorType.Int32 => MemoryMarshal.Cast<byte, int>(file.Bytes(name)).ToArray(),
        TensorType.Int8 => [.. MemoryMarshal.Cast<byte, sbyte>(file.Bytes(name)).ToArray().Select(value => (int)value)],
        TensorType.Bool => [.. file.Bytes(name).ToArray().Select(value => (int)value)],
        var type => throw new NotSupportedException($"'{name}' is of type {type}; expected whole numbers."),
    };

    internal static double[] Widen(this IEnumerable<float> values) => [.. values.Select(value => (double)value)];
}
