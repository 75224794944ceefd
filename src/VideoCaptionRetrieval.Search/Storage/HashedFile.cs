using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace VideoCaptionRetrieval.Search.Storage;

/// <summary>A file that is read or written from start to end while its SHA-256 is computed. Owns the stream.</summary>
internal sealed class HashedFile(FileStream stream) : IDisposable
{
    // Bytes of a span are counted in 31 bits, so large arrays go in pieces; 1 MiB stays in the processor's cache for the hash.
    private const int PieceBytes = 1 << 20;

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    internal long Length => stream.Length;

    internal void Write<T>(ReadOnlySpan<T> values) where T : unmanaged
    {
        while (!values.IsEmpty)
        {
            var count = Piece<T>(values.Length);
            var bytes = MemoryMarshal.AsBytes(values[..count]);
            stream.Write(bytes);
            _hash.AppendData(bytes);
            values = values[count..];
        }
    }

    /// <summary>Fills the span.</summary>
    internal void Read<T>(Span<T> values) where T : unmanaged
    {
        while (!values.IsEmpty)
        {
            var count = Piece<T>(values.Length);
            var bytes = MemoryMarshal.AsBytes(values[..count]);
            stream.ReadExactly(bytes);
            _hash.AppendData(bytes);
            values = values[count..];
        }
    }

    /// <summary>Waits until the disk has everything: a rename that follows must not overtake the data.</summary>
    internal void Flush() => stream.Flush(flushToDisk: true);

    /// <summary>Lower-case hexadecimal, over all that was read or written.</summary>
    internal string Sha256() => Convert.ToHexStringLower(_hash.GetCurrentHash());

    public void Dispose()
    {
        _hash.Dispose();
        stream.Dispose();
    }

    private static int Piece<T>(int count) where T : unmanaged => Math.Min(count, PieceBytes / Unsafe.SizeOf<T>());
}
