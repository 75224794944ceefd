
namespace VideoCaptionRetrieval.Models.Checkpoints;

/// <summary>
/// Where the values of one tensor lie: little-endian, in one file, not compressed; or in memory, where they were computed.
/// </summary>
/// <param name="File">Path of that file; for values in memory, of the file that they were computed from.</param>
/// <param name="Type">Element type.</param>
/// <param name="Shape">Shape; empty for a scalar.</param>
/// <param name="Offset">Absolute offset of the first element in the file, in bytes.</param>
/// <param name="Strides">Elements from one index to the next along each dimension; null for row-major order without gaps.</param>
/// <param name="Values">The values in memory, row-major; null where the file holds them.</param>
internal sealed record TensorEntry(
    string File, TensorType Type, long[] Shape, long Offset, long[]? Strides = null, ReadOnlyMemory<byte>? Values = null)
{
    /// <summary>Number of elements.</summary>
    internal long Count => Shape.Aggregate(1L, (product, size) => checked(product * size));

    /// <summary>Bytes of an element.</summary>
    internal int ElementSize => SafetensorsType.SizeOf(Type);

    /// <summary>Bytes of all elements, one after the other.</summary>
    internal long Length => checked(Count * ElementSize);
}
