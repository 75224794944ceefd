using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace VideoCaptionRetrieval.Models.Checkpoints.Pickle;

/// <summary>
/// Locates the contents of a zip's entries in the file, which .NET's own reader does not tell. Sizes and offsets are checked
/// against the file. Format: PKWARE's APPNOTE.TXT, sections 4.3 and 4.5.3 (zip64). The caller owns and disposes it.
/// </summary>
internal sealed class ZipDirectory : IDisposable
{
    private const uint LocalHeader = 0x04034b50;
    private const int LocalHeaderBytes = 30;

    private readonly string _path;
    private readonly MappedFile _file;

    /// <exception cref="ModelFileException">The file is no zip, cut off or damaged.</exception>
    internal ZipDirectory(string path)
    {
        _path = path;
        _file = new(path);
        try
        {
            Items = ZipListing.Read(path, _file);
        }
        catch
        {
            _file.Dispose();
            throw;
        }
    }

    /// <summary>All entries by name.</summary>
    internal IReadOnlyDictionary<string, ZipItem> Items { get; }

    /// <summary>Size of the file in bytes.</summary>
    internal long Length => _file.Length;

    /// <summary>Finds the offset in bytes of an entry's content.</summary>
    internal long Locate(ZipItem item)
    {
        if (item.Header > _file.Length - LocalHeaderBytes) throw Cut(item);
        var header = _file.Span(item.Header, LocalHeaderBytes);
        if (BinaryPrimitives.ReadUInt32LittleEndian(header) != LocalHeader)
            throw new ModelFileException(_path, $"the zip's entry '{item.Name}' does not start with a header; the file is damaged.");
        var (name, extra) = (BinaryPrimitives.ReadUInt16LittleEndian(header[26..]), BinaryPrimitives.ReadUInt16LittleEndian(header[28..]));
        var start = item.Header + LocalHeaderBytes + name + extra;
        if (start > _file.Length || item.StoredSize > _file.Length - start) throw Cut(item);
        var own = Encoding.UTF8.GetString(_file.Span(item.Header + LocalHeaderBytes, name));
        return own == item.Name
            ? start
            : throw new ModelFileException(_path,
                $"the zip calls an entry '{item.Name}' in one place and '{own}' in another; the file is damaged.");
    }

    /// <summary>Reads the content of a small entry, inflated where it is compressed.</summary>
    internal byte[] Read(ZipItem item, int limit)
    {
        var start = Locate(item);
        if (item.Size > limit || item.StoredSize > limit)
            throw new ModelFileException(_path, $"the zip's entry '{item.Name}' has {item.Size} bytes; at most {limit} are expected.");
        var stored = _file.Span(start, (int)item.StoredSize).ToArray();
        return item.IsStored ? stored : Inflate(item, stored);
    }

    public void Dispose() => _file.Dispose();

    private byte[] Inflate(ZipItem item, byte[] stored)
    {
        if (item.Method != ZipItem.Deflated)
            throw new ModelFileException(_path,
                $"the zip's entry '{item.Name}' is compressed by method {item.Method}, which is not implemented.");
        var content = new byte[item.Size];
        try
        {
            using var inflated = new DeflateStream(new MemoryStream(stored), CompressionMode.Decompress);
            inflated.ReadExactly(content);
            return content;
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            throw new ModelFileException(_path,
                $"the zip's entry '{item.Name}' cannot be inflated ({e.Message}) Download the file again.", e);
        }
    }

    private ModelFileException Cut(ZipItem item) => new(_path,
        $"the zip's entry '{item.Name}' of {item.StoredSize} bytes reaches past the end of the file, which has {_file.Length}; it was cut off.");
}

/// <summary>An entry of a zip, as its directory lists it.</summary>
/// <param name="Name">Path in the zip, with '/' between folders.</param>
/// <param name="Method">0 = stored as it is, 8 = deflated.</param>
/// <param name="StoredSize">Size in the file, in bytes.</param>
/// <param name="Size">Size of the content, in bytes.</param>
/// <param name="Header">Offset of the local header, which the content follows.</param>
internal sealed record ZipItem(string Name, int Method, long StoredSize, long Size, long Header)
{
    internal const int Deflated = 8;

    internal bool IsStored => Method == 0;
}

/// <summary>Reads the directory at the end of a zip. Format: PKWARE's APPNOTE.TXT, sections 4.3.12 to 4.3.16 and 4.5.3.</summary>
internal static class ZipListing
{
    private const uint End = 0x06054b50, End64 = 0x06064b50, End64Locator = 0x07064b50, Entry = 0x02014b50;
    private const int EndBytes = 22, End64Bytes = 56, LocatorBytes = 20, EntryBytes = 46;
    private const int MaxCommentLength = ushort.MaxValue;
    private const int MaximumBytes = 64 << 20;
    private const int MaximumEntries = 200_000;
    private const ushort Zip64Field = 1;

    /// <exception cref="ModelFileException">The directory is missing or damaged.</exception>
    internal static Dictionary<string, ZipItem> Read(string path, MappedFile file)
    {
        var (start, length) = Find(path, file);
        var directory = file.Span(start, length);
        var items = new Dictionary<string, ZipItem>(StringComparer.Ordinal);
        for (var at = 0; at < length;)
        {
            var rest = directory[at..];
            if (rest.Length < EntryBytes || BinaryPrimitives.ReadUInt32LittleEndian(rest) != Entry)
                throw Damaged(path, $"entry {items.Count} is cut off");
            int name = Short(rest, 28), extra = Short(rest, 30), comment = Short(rest, 32);
            if (rest.Length < EntryBytes + name + extra + comment) throw Damaged(path, $"entry {items.Count} is cut off");
            var item = Item(path, Encoding.UTF8.GetString(rest.Slice(EntryBytes, name)), rest, rest.Slice(EntryBytes + name, extra));
            if (items.Count == MaximumEntries || !items.TryAdd(item.Name, item))
                throw Damaged(path, $"entry {items.Count}, '{item.Name}', is listed before");
            at += EntryBytes + name + extra + comment;
        }
        return items;
    }

    private static ZipItem Item(string path, string name, ReadOnlySpan<byte> entry, ReadOnlySpan<byte> extra)
    {
        long stored = Int(entry, 20), size = Int(entry, 24), header = Int(entry, 42);
        for (var at = 0; at + 4 <= extra.Length;)
        {
            int id = Short(extra, at), length = Short(extra, at + 2);
            at += 4;
            if (length > extra.Length - at) break;
            if (id == Zip64Field) Widen(extra.Slice(at, length), ref size, ref stored, ref header);
            at += length;
        }
        if (name.Split('/', '\\').Contains("..") || Path.IsPathRooted(name) || name.Contains('\\', StringComparison.Ordinal))
            throw Damaged(path, $"entry '{name}' leads out of the archive");
        if ((Short(entry, 8) & 1) != 0) throw Damaged(path, $"entry '{name}' is encrypted");
        if (stored < 0 || size < 0 || header < 0 || (Short(entry, 10) == 0 && stored != size))
            throw Damaged(path, $"entry '{name}' has impossible sizes");
        return new(name, Short(entry, 10), stored, size, header);
    }

    /// <summary>Reads the zip64 field: in this order, those of the three numbers that do not fit into 32 bits.</summary>
    private static void Widen(ReadOnlySpan<byte> field, ref long size, ref long stored, ref long header)
    {
        var at = 0;
        Next(field, ref size, ref at);
        Next(field, ref stored, ref at);
        Next(field, ref header, ref at);
    }

    private static void Next(ReadOnlySpan<byte> field, ref long number, ref int at)
    {
        if (number != uint.MaxValue || field.Length - at < 8) return;
        number = BinaryPrimitives.ReadInt64LittleEndian(field[at..]);
        at += 8;
    }

    private static (long Start, int Length) Find(string path, MappedFile file)
    {
        var tailLength = (int)Math.Min(file.Length, EndBytes + MaxCommentLength);
        var tail = file.Span(file.Length - tailLength, tailLength);
        for (var at = tailLength - EndBytes; at >= 0; at--)
        {
            if (BinaryPrimitives.ReadUInt32LittleEndian(tail[at..]) != End || Short(tail, at + 20) > tailLength - at - EndBytes) continue;
            var position = file.Length - tailLength + at;
            var (length, start) = Wide(file, position) ?? (Int(tail, at + 12), Int(tail, at + 16));
            if (length < 0 || start < 0 || start > position || length > position - start || length > MaximumBytes)
                throw Damaged(path, $"{length} bytes from {start} on are outside of the file of {file.Length}");
            return (start, (int)length);
        }
        throw new ModelFileException(path,
            $"the file starts as a zip, but its {file.Length} bytes do not end as one; it was cut off. Download it again.");
    }

    private static (long Length, long Start)? Wide(MappedFile file, long end)
    {
        if (end < LocatorBytes) return null;
        var locator = file.Span(end - LocatorBytes, LocatorBytes);
        if (BinaryPrimitives.ReadUInt32LittleEndian(locator) != End64Locator) return null;
        var position = BinaryPrimitives.ReadInt64LittleEndian(locator[8..]);
        if (position < 0 || position > end - LocatorBytes - End64Bytes) return (-1, position);
        var record = file.Span(position, End64Bytes);
        return BinaryPrimitives.ReadUInt32LittleEndian(record) == End64
            ? (BinaryPrimitives.ReadInt64LittleEndian(record[40..]), BinaryPrimitives.ReadInt64LittleEndian(record[48..]))
            : (-1, position);
    }

    private static int Short(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

    private static long Int(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);

    private static ModelFileException Damaged(string path, string problem) => new(path, $"the zip's directory is damaged: {problem}.");
}
