using System.Buffers.Binary;
using System.Numerics;

namespace VideoCaptionRetrieval.Models.Checkpoints.Pickle;

/// <summary>
/// Reads PyTorch's format before 1.6: five pickles (magic number, protocol, system information, the object, the keys of its storages), then for
/// each key, in that order, an int64 count of elements and the elements.
/// </summary>
internal sealed class TorchLegacy : ITensorStorage
{
    private const long Protocol = 1001;
    private static readonly BigInteger Magic = BigInteger.Parse("119547037146038801333356", System.Globalization.CultureInfo.InvariantCulture);

    private readonly string _path;
    private readonly Dictionary<string, PickleStorage> _named = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (long Offset, long Length)> _storages = new(StringComparer.Ordinal);

    /// <exception cref="ModelFileException">The file is damaged, or not only tensors.</exception>
    internal TorchLegacy(string path)
    {
        _path = path;
        using var file = new MappedFile(path);
        var cursor = new PickleCursor(path, file.Span(0, (int)Math.Min(file.Length, PickleBudget.MaximumBytes)).ToArray());
        if (Next(cursor) is not BigInteger magic || magic != Magic) throw Not("it does not start with PyTorch's number");
        if (Next(cursor) is not Protocol) throw Not($"its protocol is not {Protocol}");
        if (Next(cursor) is PickleDictionary machine && machine.Entries.GetValueOrDefault("little_endian") is false)
            throw new ModelFileException(path, "its numbers are in byte order 'big'; implemented: 'little'.");
        Object = Next(cursor);
        if (Next(cursor) is not List<object?> keys) throw Not("a list of its storages is missing");
        Locate(file, [.. keys.Select(key => key as string ?? throw Not("its list of storages holds other things"))], cursor.Position);
    }

    /// <summary>What was saved: a state dict, or a training checkpoint with one.</summary>
    internal object? Object { get; }

    /// <inheritdoc/>
    public (long Offset, long Length) Find(string key, string tensor) => _storages.TryGetValue(key, out var storage)
        ? storage
        : throw new ModelFileException(_path,
            $"tensor '{tensor}' lies in storage '{key}', which the file does not list among its {_storages.Count}.");

    private void Locate(MappedFile file, List<string> keys, long position)
    {
        foreach (var key in keys)
        {
            // Only the object knows the type of a storage.
            if (!_named.TryGetValue(key, out var storage)) throw Not($"it lists storage '{key}', which no tensor uses");
            var width = storage.Type is { } type ? SafetensorsType.SizeOf(type) : 1;
            var count = file.Length - position >= sizeof(long) ? BinaryPrimitives.ReadInt64LittleEndian(file.Span(position, sizeof(long))) : -1;
            position += sizeof(long);
            if (count < 0 || count > (file.Length - position) / width)
            {
                throw new ModelFileException(_path,
                    $"storage '{key}' claims {count} elements of {width} bytes at byte {position}, but the file has "
                    + $"{file.Length} bytes; it was cut off. Download it again.");
            }
            _storages[key] = (position, count * width);
            position += count * width;
        }
    }

    private object? Next(PickleCursor cursor) => new Unpickler(_path, cursor, storages: _named).Read();

    private ModelFileException Not(string why) => new(_path, $"the file is a pickle, but no checkpoint of PyTorch: {why}.");
}
