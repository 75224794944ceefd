using System.Buffers.Binary;
using System.Text;

namespace VideoCaptionRetrieval.Torch.Native;

/// <summary>
/// Marks one required symbol version of an ELF shared object as weak, so that the dynamic loader does not refuse the file where
/// the installed library lacks that version. Safe only where no relocation refers to a symbol of the version.
/// Layout: System V gABI (section headers) and the GNU extension Elf64_Verneed/Elf64_Vernaux.
/// </summary>
internal static class ElfSymbolVersion
{
    private const uint VersionNeedSection = 0x6ffffffe; // SHT_GNU_verneed
    private const byte WeakFlag = 2;                    // VER_FLG_WEAK

    /// <summary>Sets the weak flag on every need of <paramref name="version"/> in a 64-bit little-endian ELF image.</summary>
    /// <returns>Number of marked needs; 0 = the file does not need this version.</returns>
    internal static int MakeWeak(Span<byte> image, string version)
    {
        if (image.Length < 64 || !image[..4].SequenceEqual("\u007fELF"u8) || image[4] != 2 || image[5] != 1)
            throw new InvalidDataException("not a 64-bit little-endian ELF file");
        var marked = 0;
        for (var index = 0; index < Read16(image, 0x3c); index++)
        {
            var section = SectionHeader(image, index);
            if (Read32(image, section + 4) == VersionNeedSection) marked += MarkNeeds(image, section, version);
        }
        return marked;
    }

    private static int MarkNeeds(Span<byte> image, int section, string version)
    {
        var strings = Read64(image, SectionHeader(image, (int)Read32(image, section + 0x28)) + 0x18);
        var marked = 0;
        for (var need = Read64(image, section + 0x18); ;)
        {
            var auxiliary = need + (int)Read32(image, need + 8);
            for (var k = 0; k < Read16(image, need + 2); k++)
            {
                if (StringAt(image, strings + (int)Read32(image, auxiliary + 8)) == version)
                {
                    image[auxiliary + 4] |= WeakFlag;
                    marked++;
                }
                auxiliary += (int)Read32(image, auxiliary + 12);
            }
            var next = (int)Read32(image, need + 12);
            if (next == 0) return marked;
            need += next;
        }
    }

    private static int SectionHeader(ReadOnlySpan<byte> image, int index) => Read64(image, 0x28) + index * Read16(image, 0x3a);

    private static string StringAt(ReadOnlySpan<byte> image, int offset)
    {
        var rest = image[offset..];
        return Encoding.ASCII.GetString(rest[..rest.IndexOf((byte)0)]);
    }

    private static int Read16(ReadOnlySpan<byte> image, int offset) => BinaryPrimitives.ReadUInt16LittleEndian(image[offset..]);
    private static uint Read32(ReadOnlySpan<byte> image, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(image[offset..]);
    private static int Read64(ReadOnlySpan<byte> image, int offset) =>
        checked((int)BinaryPrimitives.ReadInt64LittleEndian(image[offset..]));
}
