using System.IO.MemoryMappedFiles;

namespace VideoCaptionRetrieval.Models.Checkpoints;

/// <summary>Maps a file into memory, read-only; pages load on first access. Thread-safe. The caller owns and disposes it.</summary>
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
            // The stream has the file's length; a FileInfo would have that of a link.
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

    /// <summary>Size of the file in bytes.</summary>
    internal long Length { get; }

    /// <summary>Returns a part of the file; valid until Dispose.</summary>
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
