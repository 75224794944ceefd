using System.IO.Hashing;
using System.Text;
using Microsoft.Win32.SafeHandles;
using VideoCaptionRetrieval.Models.Checkpoints;

namespace VideoCaptionRetrieval.Video.Cache;

/// <summary>Reads and writes one file of the cache: frames of a video, and a note. Written once, by rename. Thread-safe.</summary>
internal sealed class FrameFile
{
    // *** Binary format, little-endian ***
    // 8 bytes: "VCRFRM01"
    // int: length of the header
    // header: int length of the note, note; int number of frames; for each: string form, long timestamp, int width, int height,
    //         16 bytes XxHash128 of its pixels
    // 16 bytes: XxHash128 of the header
    // pixels of each frame, 3·width·height bytes, raw: compressing them costs more time than reading them
    private const int MaxHeaderBytes = 64 << 20;
    private const int ChecksumLength = 16;

    private static readonly byte[] _magic = "VCRFRM01"u8.ToArray();

    private readonly string _path;

    private FrameFile(string path, byte[] note, IReadOnlyList<Entry> entries) => (_path, Note, Entries) = (path, note, entries);

    /// <summary>The note that was written beside the frames.</summary>
    internal byte[] Note { get; }

    /// <summary>The places of the frames, in order of the file.</summary>
    internal IReadOnlyList<Entry> Entries { get; }

    /// <summary>Writes a file, whole or not at all.</summary>
    /// <returns>The number of bytes written.</returns>
    internal static long Write(string path, ReadOnlySpan<byte> note, IReadOnlyCollection<CachedFrame> frames)
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes, Encoding.UTF8);
        writer.Write(note.Length);
        writer.Write(note);
        writer.Write(frames.Count);
        foreach (var (form, timestamp, frame) in frames)
        {
            writer.Write(form);
            writer.Write(timestamp);
            writer.Write(frame.Width);
            writer.Write(frame.Height);
            writer.Write(XxHash128.Hash(frame.Pixels));
        }
        var header = bytes.ToArray();
        long length = 0;
        AtomicFile.Write(path, file =>
        {
            file.Write(_magic);
            file.Write(BitConverter.GetBytes(header.Length));
            file.Write(header);
            file.Write(XxHash128.Hash(header));
            foreach (var frame in frames) file.Write(frame.Frame.Pixels);
            length = file.Length;
        });
        return length;
    }

    /// <summary>Opens a file; null where it is not whole, or not such a file.</summary>
    internal static FrameFile? TryOpen(string path)
    {
        try
        {
            using var handle = File.OpenHandle(path);
            Span<byte> start = stackalloc byte[_magic.Length + sizeof(int)];
            if (!Fill(handle, start, 0) || !start.StartsWith(_magic)) return null;
            var length = BitConverter.ToInt32(start[_magic.Length..]);
            if (length is < 0 or > MaxHeaderBytes || start.Length + length + ChecksumLength > RandomAccess.GetLength(handle)) return null;
            var header = new byte[length + ChecksumLength];
            if (!Fill(handle, header, start.Length)) return null;
            var content = header[..length];
            if (!XxHash128.Hash(content).AsSpan().SequenceEqual(header.AsSpan(length))) return null;
            var file = Parse(path, content, start.Length + header.Length);
            var end = file.Entries.Count == 0 ? start.Length + header.Length : file.Entries[^1].Offset + file.Entries[^1].Length;
            return end == RandomAccess.GetLength(handle) ? file : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Reads a frame; null where it is damaged or gone.</summary>
    internal PreparedFrame? TryRead(Entry entry)
    {
        try
        {
            using var handle = File.OpenHandle(_path);
            var pixels = new byte[entry.Length];
            var whole = Fill(handle, pixels, entry.Offset) && XxHash128.Hash(pixels).AsSpan().SequenceEqual(entry.Checksum);
            return whole ? new(entry.Width, entry.Height, pixels) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static FrameFile Parse(string path, byte[] header, long data)
    {
        using var reader = new BinaryReader(new MemoryStream(header), Encoding.UTF8);
        var note = reader.ReadBytes(reader.ReadInt32());
        var entries = new Entry[reader.ReadInt32()];
        for (var i = 0; i < entries.Length; i++)
        {
            entries[i] = new(
                reader.ReadString(), reader.ReadInt64(), reader.ReadInt32(), reader.ReadInt32(), reader.ReadBytes(ChecksumLength), data);
            data += entries[i].Length;
        }
        return new(path, note, entries);
    }

    private static bool Fill(SafeFileHandle handle, Span<byte> buffer, long offset)
    {
        while (buffer.Length > 0)
        {
            var count = RandomAccess.Read(handle, buffer, offset);
            if (count == 0) return false;
            buffer = buffer[count..];
            offset += count;
        }
        return true;
    }

    /// <summary>The place of a frame in the file.</summary>
    internal sealed record Entry(string Form, long Timestamp, int Width, int Height, byte[] Checksum, long Offset)
    {
        internal int Length => 3 * Width * Height;
    }
}
