using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace VideoCaptionRetrieval.Models.Checkpoints.Pickle;

/// <summary>
/// The entries of a zip and where their contents lie in the file, which .NET's own reader does not tell. Sizes and places are checked
/// against the file. Format: PKWARE's APPNOTE.TXT, sections 4.3 and 4.5.3 (zip64). Whoever opens it disposes it.
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

    /// <summary>The entries by name.</summary>
    internal IReadOnlyDictionary<string, ZipItem> Items { get; }

    /// <summary>Bytes of the file.</summary>
    internal long Length => _file.Length;

    /// <summary>Offset of the content of an entry.</summary>
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

    /// <summary>The content of a small entry, inflated if need be.</summary>
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
