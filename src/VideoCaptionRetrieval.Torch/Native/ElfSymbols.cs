using System.Buffers.Binary;
using System.Text;

namespace VideoCaptionRetrieval.Torch.Native;

/// <summary>
/// Names of the dynamic symbols of a 64-bit little-endian ELF shared object. Only its tables are read, so that a library of any size takes
/// little time. Layout: System V gABI, section headers and symbol table.
/// </summary>
/// <param name="Defined">What the file offers.</param>
/// <param name="Needed">What it must find elsewhere; without weak symbols, which may be absent.</param>
internal sealed record ElfSymbols(IReadOnlySet<string> Defined, IReadOnlySet<string> Needed)
{
    private const uint DynamicSymbols = 11;     // SHT_DYNSYM
    private const int HeaderBytes = 64, SymbolBytes = 24, WeakBinding = 2;

    /// <exception cref="InvalidDataException">It is no such file, or its tables are damaged.</exception>
    internal static ElfSymbols Read(string path)
    {
        using var file = File.OpenRead(path);
        var (defined, needed) = (new HashSet<string>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal));
        try
        {
            var header = Bytes(file, 0, HeaderBytes);
            if (!header.AsSpan(0, 4).SequenceEqual("\u007fELF"u8) || header[4] != 2 || header[5] != 1) throw Damaged(path);
            var (size, count) = (Read16(header, 0x3a), Read16(header, 0x3c));
            var sections = Bytes(file, Read64(header, 0x28), size * count);
            for (var at = 0; at < sections.Length; at += size)
            {
                if (BinaryPrimitives.ReadUInt32LittleEndian(sections.AsSpan(at + 4)) != DynamicSymbols) continue;
                var names = Section(file, sections, size * BinaryPrimitives.ReadInt32LittleEndian(sections.AsSpan(at + 0x28)));
                AddSymbols(Section(file, sections, at), names, defined, needed);
            }
        }
        catch (Exception e) when (e is ArgumentException or OverflowException or EndOfStreamException)
        {
            throw Damaged(path, e);
        }
        return new(defined, needed);
    }

    private static void AddSymbols(byte[] symbols, byte[] names, HashSet<string> defined, HashSet<string> needed)
    {
        for (var at = 0; at + SymbolBytes <= symbols.Length; at += SymbolBytes)
        {
            var rest = names.AsSpan(BinaryPrimitives.ReadInt32LittleEndian(symbols.AsSpan(at)));
            var name = Encoding.ASCII.GetString(rest[..rest.IndexOf((byte)0)]);
            var isDefined = Read16(symbols, at + 6) != 0;
            if (isDefined) defined.Add(name);
            else if (symbols[at + 4] >> 4 != WeakBinding) needed.Add(name);
        }
    }

    private static byte[] Section(FileStream file, byte[] sections, int at) =>
        Bytes(file, Read64(sections, at + 0x18), checked((int)Read64(sections, at + 0x20)));

    private static byte[] Bytes(FileStream file, long offset, int count)
    {
        if (count > file.Length) throw new EndOfStreamException();
        var bytes = new byte[count];
        file.Position = offset;
        file.ReadExactly(bytes);
        return bytes;
    }

    private static int Read16(byte[] bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(at));

    private static long Read64(byte[] bytes, int at) => BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(at));

    private static InvalidDataException Damaged(string path, Exception? cause = null) =>
        new($"'{path}' is no 64-bit ELF library, or is damaged.", cause);
}
