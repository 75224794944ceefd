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
        try
        {
            // The stream's length is the file's own; that of a FileInfo is a link's.
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
            Length = stream.Length;
            if (Length == 0) return;        // an empty file cannot be mapped
            _map = MemoryMappedFile.CreateFromFile(stream, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: false);
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
