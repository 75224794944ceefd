using System.Buffers.Binary;
using System.IO.MemoryMappedFiles;
using VideoCaptionRetrieval.Models.Native;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Models.Checkpoints;

/// <summary>
/// Reads a safetensors file through a memory map: opening it costs the header, reading a tensor costs one copy.
/// Thread-safe; whoever opens it disposes it.
/// </summary>
internal sealed unsafe class SafetensorsFile : IDisposable
{
    private readonly MemoryMappedFile _map;
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte* _start;

    internal SafetensorsFile(string path)
    {
        Path = path;
        if (!File.Exists(path))
            throw new ModelFileException(path, "the file does not exist; expected model weights in safetensors format.");
        var length = new FileInfo(path).Length;
        if (length < SafetensorsHeader.LengthBytes)
            throw new ModelFileException(path,
                $"the file has {length} bytes; a safetensors file has at least {SafetensorsHeader.LengthBytes}.");
        _map = MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, 0, MemoryMappedFileAccess.Read);
        _view = _map.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        byte* pointer = null;
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref pointer);
        _start = pointer + _view.PointerOffset;
        try
        {
            Entries = ReadHeader(length);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    internal string Path { get; }

    /// <summary>The tensors by name.</summary>
    internal IReadOnlyDictionary<string, SafetensorsEntry> Entries { get; }

    /// <summary>The raw bytes of a tensor; valid until Dispose. Tensors over 2 GiB have no span.</summary>
    internal ReadOnlySpan<byte> Bytes(string name)
    {
        var entry = Entry(name);
        return new(_start + entry.Offset, checked((int)entry.Length));
    }

    /// <summary>A copy of a tensor in CPU memory, in the type of the file. The caller disposes it.</summary>
    internal Tensor Read(string name)
    {
        TorchRuntime.EnsureLoaded();
        var entry = Entry(name);
        var tensor = empty(entry.Shape, dtype: entry.Type);
        if (entry.Length > 0) Bytes(name).CopyTo(tensor.bytes);
        return tensor;
    }

    private SafetensorsEntry Entry(string name) => Entries.TryGetValue(name, out var entry)
        ? entry
        : throw new ModelFileException(Path, $"tensor '{name}' is missing; the file holds {Entries.Count} tensors.");

    private Dictionary<string, SafetensorsEntry> ReadHeader(long fileLength)
    {
        var headerLength = BinaryPrimitives.ReadUInt64LittleEndian(new ReadOnlySpan<byte>(_start, SafetensorsHeader.LengthBytes));
        if (headerLength > SafetensorsHeader.MaximumLength || (long)headerLength > fileLength - SafetensorsHeader.LengthBytes)
        {
            throw new ModelFileException(Path, $"the first 8 bytes announce a header of {headerLength} bytes in a file of {fileLength}; "
                + "this is not a safetensors file, or it was cut off.");
        }
        var json = new ReadOnlySpan<byte>(_start + SafetensorsHeader.LengthBytes, (int)headerLength).ToArray();
        return SafetensorsHeader.Parse(Path, json, SafetensorsHeader.LengthBytes + (long)headerLength, fileLength);
    }

    public void Dispose()
    {
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _map.Dispose();
    }
}
