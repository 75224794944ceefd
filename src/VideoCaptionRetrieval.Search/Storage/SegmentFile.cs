using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace VideoCaptionRetrieval.Search.Storage;

/// <summary>Writes and reads data files. A file is written once and never changed.</summary>
internal static class SegmentFile
{
    // *** Binary format, little-endian ***
    // byte[8]   "VCRFRAME"
    // int32     version of this format, 1
    // int32     dimension D
    // int32     videos V
    // int32     bytes of the names B
    // int64     frames F
    // int32[V]  frames of each video
    // byte[B]   names of the videos, each a length (7 bits a byte, low ones first) and UTF-8
    // double[F] presentation times, seconds
    // float[F, D] frame embeddings, un-normalised
    private const int HeaderBytes = 32;
    private const int Version = 1;

    private static ReadOnlySpan<byte> Magic => "VCRFRAME"u8;

    /// <summary>Writes a new file and makes sure that it has reached the disk.</summary>
    internal static SegmentEntry Write(string path, int dimension, Segment segment)
    {
        var names = Names(segment.VideoIds);
        var counts = Enumerable.Range(0, segment.VideoIds.Length).Select(segment.FrameCount).ToArray();
        var header = new byte[HeaderBytes];
        Magic.CopyTo(header);
        ReadOnlySpan<int> numbers = [Version, dimension, counts.Length, names.Length];
        for (var at = 0; at < numbers.Length; at++) BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(8 + at * 4), numbers[at]);
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(24), segment.Times.Length);

        using var file = new HashedFile(new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None));
        file.Write<byte>(header);
        file.Write<int>(counts);
        file.Write<byte>(names);
        file.Write<double>(segment.Times);
        file.Write<float>(segment.Frames);
        file.Flush();
        return new(Path.GetFileName(path), counts.Length, segment.Times.Length, file.Length, file.Sha256(), []);
    }

    /// <summary>Reads a file whole and checks length, header and checksum.</summary>
    internal static Segment Read(string path, SegmentEntry entry, int dimension)
    {
        using var file = new HashedFile(Open(path));
        if (file.Length != entry.Bytes || file.Length < HeaderBytes)
            throw CorruptIndex.Fault(path, $"the file has {file.Length} bytes; index.json states {entry.Bytes}.");
        var header = new byte[HeaderBytes];
        file.Read<byte>(header);
        var names = new byte[CheckHeader(path, header, entry, dimension)];
        var counts = new int[entry.Videos];
        var times = new double[entry.Frames];
        var frames = GC.AllocateUninitializedArray<float>((int)entry.Frames * dimension);
        file.Read<int>(counts);
        file.Read<byte>(names);
        file.Read<double>(times);
        file.Read<float>(frames);
        var sha256 = file.Sha256();
        if (sha256 != entry.Sha256) throw CorruptIndex.Fault(path, $"the file's SHA-256 is {sha256}; index.json states {entry.Sha256}.");
        return new(dimension, ReadNames(names, entry.Videos), counts, frames, times);
    }

    /// <summary>Compares the header with index.json before memory is reserved; returns the bytes of the names.</summary>
    private static int CheckHeader(string path, ReadOnlySpan<byte> header, SegmentEntry entry, int dimension)
    {
        if (!header.StartsWith(Magic)) throw CorruptIndex.Fault(path, "the file does not begin with 'VCRFRAME'.");
        int Number(ReadOnlySpan<byte> header, int at) => BinaryPrimitives.ReadInt32LittleEndian(header[(8 + at * 4)..]);
        if (Number(header, 0) != Version) throw CorruptIndex.Fault(path, $"the file has version {Number(header, 0)}; expected {Version}.");
        var (width, videos, frames) = (Number(header, 1), Number(header, 2), BinaryPrimitives.ReadInt64LittleEndian(header[24..]));
        if ((width, videos, frames) != (dimension, entry.Videos, entry.Frames))
        {
            throw CorruptIndex.Fault(path, $"the file holds {videos} videos, {frames} frames of {width} values; "
                + $"index.json states {entry.Videos} videos, {entry.Frames} frames of {dimension}.");
        }
        var names = entry.Bytes - HeaderBytes - 4L * videos - 8 * frames - 4 * frames * width;
        if (videos < 0 || frames < 0 || frames > Array.MaxLength / width || names < 0 || names != Number(header, 3))
            throw CorruptIndex.Fault(path, $"the parts of the file do not add up to its {entry.Bytes} bytes.");
        return (int)names;
    }

    private static FileStream Open(string path)
    {
        try
        {
            // Delete is shared so that a writer can clean up while this file is being read.
            return new(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0, FileOptions.SequentialScan);
        }
        catch (FileNotFoundException exception)
        {
            throw CorruptIndex.Fault(path, "the file is missing, and index.json names it.", exception);
        }
    }

    private static byte[] Names(string[] videoIds)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream, Encoding.UTF8);
        foreach (var id in videoIds) writer.Write(id);
        writer.Flush();
        return stream.ToArray();
    }

    private static string[] ReadNames(byte[] names, int count)
    {
        using var reader = new BinaryReader(new MemoryStream(names), Encoding.UTF8);
        return [.. Enumerable.Range(0, count).Select(_ => reader.ReadString())];
    }
}

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
