using System.Numerics;
using System.Runtime.InteropServices;

namespace VideoCaptionRetrieval.Models.Checkpoints;

/// <summary>
/// Finds weights that are NaN or infinite: in every floating-point format those whose exponent has all bits set, so that no value is converted.
/// </summary>
internal static class FiniteValues
{
    /// <summary>Finds the first element that is not finite; null where all are. Integers always are.</summary>
    internal static double? FindOther(TensorType type, ReadOnlySpan<byte> bytes) => type switch
    {
        TensorType.Float32 => Find(MemoryMarshal.Cast<byte, uint>(bytes), 0x7F80_0000u) is { } bits ? BitConverter.UInt32BitsToSingle(bits) : null,
        TensorType.Float16 => Find(MemoryMarshal.Cast<byte, ushort>(bytes), (ushort)0x7C00) is { } bits
            ? (double)BitConverter.UInt16BitsToHalf(bits) : null,
        TensorType.BFloat16 => Find(MemoryMarshal.Cast<byte, ushort>(bytes), (ushort)0x7F80) is { } bits
            ? BitConverter.UInt32BitsToSingle((uint)bits << 16) : null,
        TensorType.Float64 => Find(MemoryMarshal.Cast<byte, ulong>(bytes), 0x7FF0_0000_0000_0000ul) is { } bits
            ? BitConverter.UInt64BitsToDouble(bits) : null,
        _ => null,
    };

    private static T? Find<T>(ReadOnlySpan<T> bits, T exponent)
        where T : unmanaged, IBinaryInteger<T>
    {
        var (at, mask) = (0, new Vector<T>(exponent));
        for (; at <= bits.Length - Vector<T>.Count; at += Vector<T>.Count)
            if (Vector.EqualsAny(new Vector<T>(bits[at..]) & mask, mask)) break;
        for (; at < bits.Length; at++)
            if ((bits[at] & exponent) == exponent) return bits[at];
        return null;
    }
}
