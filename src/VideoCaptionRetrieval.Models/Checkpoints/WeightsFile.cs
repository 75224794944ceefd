using System.Collections.Concurrent;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace VideoCaptionRetrieval.Models.Checkpoints;

/// <summary>
/// Reads tensors by name from one file or several through memory maps: opening reads the tables only, reading a tensor is one copy.
/// Thread-safe. The caller owns and disposes it.
/// </summary>
/// <param name="path">Path of the file, or of the index of several, for messages.</param>
/// <param name="entries">The tensors; every extent was checked against its file.</param>
public class WeightsFile(string path, IReadOnlyDictionary<string, TensorEntry> entries) : IDisposable
{
    private readonly ConcurrentDictionary<string, Lazy<MappedFile>> _files = new(StringComparer.Ordinal);

    /// <summary>Path of the file, or of the index of several.</summary>
    internal string Path { get; } = path;

    /// <summary>The tensors by name.</summary>
    internal IReadOnlyDictionary<string, TensorEntry> Entries { get; } = entries;

    /// <summary>Returns the bytes of a tensor in row-major order; valid until Dispose. Tensors over 2 GiB have no span.</summary>
    public ReadOnlySpan<byte> Bytes(string name)
    {
        var entry = Entry(name);
        if (entry.Values is { } values) return values.Span;
        var length = checked((int)entry.Length);
        var file = File(entry);
        return entry.Strides is null ? file.Span(entry.Offset, length) : Gather(file, entry);
    }

    /// <summary>Reads a floating-point tensor in row-major order; 16-bit floats are upcast exactly.</summary>
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

    /// <summary>Returns a weight that is NaN or infinite; null where all of a tensor's are finite.</summary>
    internal double? FindNotFinite(string name)
    {
        const int PartBytes = 1 << 30;      // a tensor may be longer than a span
        var entry = Entry(name);
        if (entry.Values is not null || entry.Strides is not null) return FiniteValues.FindOther(entry.Type, Bytes(name));
        for (var start = 0L; start < entry.Length; start += PartBytes)
        {
            var part = File(entry).Span(entry.Offset + start, (int)Math.Min(PartBytes, entry.Length - start));
            if (FiniteValues.FindOther(entry.Type, part) is { } value) return value;
        }
        return null;
    }

    /// <summary>Finds a required tensor.</summary>
    /// <exception cref="ModelFileException">The tensor is missing.</exception>
    public TensorEntry Entry(string name) => Entries.TryGetValue(name, out var entry)
        ? entry
        : throw new ModelFileException(Path, $"tensor '{name}' is missing; the file holds {Entries.Count} tensors.");

    /// <summary>Returns the same tensors under names without a prefix, and takes this object's place.</summary>
    /// <param name="prefix">All names begin with it.</param>
    internal virtual WeightsFile WithoutPrefix(string prefix) => new(Path, Unprefixed(prefix));

    /// <summary>The tensors under names without a prefix.</summary>
    private protected Dictionary<string, TensorEntry> Unprefixed(string prefix) =>
        Entries.ToDictionary(named => named.Key[prefix.Length..], named => named.Value, StringComparer.Ordinal);

    /// <inheritdoc/>
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
/// The location of one tensor's data: little-endian and uncompressed in a file, or in memory where it was computed.
/// </summary>
/// <param name="File">Path of the file; for data in memory, of the file it was computed from.</param>
/// <param name="Type">Element type.</param>
/// <param name="Shape">Shape; empty for a scalar.</param>
/// <param name="Offset">Absolute offset of the first element in the file, in bytes.</param>
/// <param name="Strides">Elements from one index to the next along each dimension; null for contiguous row-major order.</param>
/// <param name="Values">The data in memory, row-major; null where the file holds it.</param>
public sealed record TensorEntry(
    string File, TensorType Type, long[] Shape, long Offset, long[]? Strides = null, ReadOnlyMemory<byte>? Values = null)
{
    /// <summary>Number of elements.</summary>
    internal long Count => Shape.Aggregate(1L, (product, size) => checked(product * size));

    /// <summary>Size of an element in bytes.</summary>
    internal int ElementSize => SafetensorsType.SizeOf(Type);

    /// <summary>Size of all elements in bytes.</summary>
    public long Length => checked(Count * ElementSize);
}
