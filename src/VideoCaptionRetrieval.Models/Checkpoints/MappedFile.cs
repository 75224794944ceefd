using System.IO.MemoryMappedFiles;

namespace VideoCaptionRetrieval.Models.Checkpoints;

/// <summary>A file in memory, read-only: pages are loaded when they are touched. Thread-safe; whoever opens it disposes it.</summary>
internal sealed unsafe class MappedFile : IDisposable
{
    private readonly MemoryMappedFile? _map;
    private readonly MemoryMappedViewAccessor? _view;
    private readonly byte* _start;

    /// <exception cref="ModelFileException">The file does not exist or cannot be read.</exception>
    internal MappedFile(string path)
    {
        if (!File.Exists(path)) throw new ModelFileException(path, "the file does not exist; expected model weights.");
        Length = new FileInfo(path).Length;
        if (Length == 0) return;        // an empty file cannot be mapped
        try
        {
            _map = MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, 0, MemoryMappedFileAccess.Read);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ModelFileException(path, $"the file cannot be read ({e.Message})", e);
        }
        _view = _map.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        byte* pointer = null;
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref pointer);
        _start = pointer + _view.PointerOffset;
    }

    /// <summary>Bytes of the file.</summary>
    internal long Length { get; }

    /// <summary>A part of the file; valid until Dispose.</summary>
    internal ReadOnlySpan<byte> Span(long offset, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, Length - length);
        return new(_start + offset, length);
    }

    public void Dispose()
    {
        _view?.SafeMemoryMappedViewHandle.ReleasePointer();
        _view?.Dispose();
        _map?.Dispose();
    }
}
