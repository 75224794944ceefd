using System.Collections.Concurrent;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace VideoCaptionRetrieval.Models.Checkpoints;

/// <summary>
/// Tensors by name, in one file or several, read through memory maps: opening costs the tables, reading a tensor costs one copy.
/// Thread-safe; whoever opens it disposes it.
/// </summary>
/// <param name="path">The file that a user would name, for messages.</param>
/// <param name="entries">The tensors; every extent was checked against its file.</param>
internal class WeightsFile(string path, IReadOnlyDictionary<string, TensorEntry> entries) : IDisposable
{
    private readonly ConcurrentDictionary<string, Lazy<MappedFile>> _files = new(StringComparer.Ordinal);

    /// <summary>The file that a user would name.</summary>
    internal string Path { get; } = path;

    /// <summary>The tensors by name.</summary>
    internal IReadOnlyDictionary<string, TensorEntry> Entries { get; } = entries;

    /// <summary>The bytes of a tensor in row-major order; valid until Dispose. Tensors over 2 GiB have no span.</summary>
    internal ReadOnlySpan<byte> Bytes(string name)
    {
        var entry = Entry(name);
        if (entry.Values is { } values) return values.Span;
        var length = checked((int)entry.Length);
        var file = File(entry);
        return entry.Strides is null ? file.Span(entry.Offset, length) : Gather(file, entry);
    }

    /// <summary>The values of a floating-point tensor in row-major order; 16-bit floats are upcast exactly.</summary>
    internal float[] ReadFloats(string name)
    {
        var entry = Entry(name);
        var bytes = Bytes(name);
        var singles = new float[entry.Count];
        switch (entry.Type)
        {
            case TensorType.Float32: MemoryMarshal.Cast<byte, float>(bytes).CopyTo(singles); break;
            case TensorType.Float16: TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<byte, Half>(bytes), singles); break;
            case TensorType.BFloat16:
                var halves = MemoryMarshal.Cast<byte, ushort>(bytes);
                for (var i = 0; i < singles.Length; i++) singles[i] = BitConverter.UInt32BitsToSingle((uint)halves[i] << 16);
                break;
            case TensorType.Float64: TensorPrimitives.ConvertTruncating(MemoryMarshal.Cast<byte, double>(bytes), singles.AsSpan()); break;
            default: throw new ModelFileException(Path, $"tensor '{name}' has type {entry.Type}; expected floating-point weights.");
        }
        return singles;
    }

    /// <summary>The entry of a tensor that must be there.</summary>
    /// <exception cref="ModelFileException">It is not.</exception>
    internal TensorEntry Entry(string name) => Entries.TryGetValue(name, out var entry)
        ? entry
        : throw new ModelFileException(Path, $"tensor '{name}' is missing; the file holds {Entries.Count} tensors.");

    public void Dispose()
    {
        foreach (var file in _files.Values)
            if (file.IsValueCreated) file.Value.Dispose();
        GC.SuppressFinalize(this);
    }

    private MappedFile File(TensorEntry entry) => _files.GetOrAdd(entry.File, path => new(() => new MappedFile(path))).Value;

    private static byte[] Gather(MappedFile file, TensorEntry entry)
    {
        var bytes = new byte[entry.Length];
        var (size, index) = (entry.ElementSize, new long[entry.Shape.Length]);
        for (var at = 0; at < bytes.Length; at += size)
        {
            var element = 0L;
            for (var axis = 0; axis < index.Length; axis++) element += index[axis] * entry.Strides![axis];
            file.Span(entry.Offset + (element * size), size).CopyTo(bytes.AsSpan(at, size));
            for (var axis = index.Length - 1; axis >= 0 && ++index[axis] == entry.Shape[axis]; axis--) index[axis] = 0;
        }
        return bytes;
    }
}

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
