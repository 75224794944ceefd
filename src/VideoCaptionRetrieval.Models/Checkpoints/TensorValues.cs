using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Models.Checkpoints;

/// <summary>Reads floating-point values without libtorch.</summary>
internal static class TensorValues
{
    /// <summary>The values as single precision; 16-bit floats are upcast exactly.</summary>
    internal static float[] Floats(ReadOnlySpan<byte> bytes, ScalarType type) => type switch
    {
        ScalarType.Float32 => MemoryMarshal.Cast<byte, float>(bytes).ToArray(),
        ScalarType.Float64 => Convert<double>(bytes, value => (float)value),
        ScalarType.Float16 => Convert<Half>(bytes, value => (float)value),
        ScalarType.BFloat16 => Convert<ushort>(bytes, value => BitConverter.Int32BitsToSingle(value << 16)),     // the upper half of a single
        _ => throw new ArgumentException($"Values of type {type} are not floating-point.", nameof(type)),
    };

    private static float[] Convert<T>(ReadOnlySpan<byte> bytes, Func<T, float> convert)
        where T : unmanaged
    {
        var values = MemoryMarshal.Cast<byte, T>(bytes);
        var floats = new float[values.Length];
        for (var i = 0; i < floats.Length; i++) floats[i] = convert(values[i]);
        return floats;
    }
}
