using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace VideoCaptionRetrieval.Build;

/// <summary>
/// Flips accessibility bits in an assembly's metadata tables, in place: internal becomes public, private protected becomes
/// protected. Nothing else of the file changes. Tables: ECMA-335, II.22.37 (TypeDef), II.22.26 (MethodDef), II.22.15 (Field).
/// </summary>
public static class AccessPatcher
{
    private const int MemberAccessMask = 7;             // FieldAttributes and MethodAttributes share these values
    private const int FamAndAssem = 2, Assembly = 3, Family = 4, Public = 6;

    /// <summary>Returns <paramref name="image"/> with its accessibility bits changed.</summary>
    public static byte[] MakePublic(byte[] image)
    {
        ArgumentNullException.ThrowIfNull(image);
        using var file = new PEReader(new MemoryStream(image));
        var metadata = file.GetMetadataReader();
        foreach (var offset in RowOffsets(file, metadata, TableIndex.TypeDef))
            PatchType(image.AsSpan(offset));            // Flags is the first column, 4 bytes
        foreach (var offset in RowOffsets(file, metadata, TableIndex.MethodDef))
            PatchMember(image.AsSpan(offset + 6));      // after RVA (4 bytes) and ImplFlags (2 bytes)
        foreach (var offset in RowOffsets(file, metadata, TableIndex.Field))
            PatchMember(image.AsSpan(offset));          // Flags is the first column, 2 bytes
        return image;
    }

    private static IEnumerable<int> RowOffsets(PEReader file, MetadataReader metadata, TableIndex table)
    {
        var start = file.PEHeaders.MetadataStartOffset + metadata.GetTableMetadataOffset(table);
        for (var row = 0; row < metadata.GetTableRowCount(table); row++)
            yield return start + row * metadata.GetTableRowSize(table);
    }

    private static void PatchType(Span<byte> flagsColumn)
    {
        var flags = BitConverter.ToUInt32(flagsColumn);
        var visibility = (TypeAttributes)flags & TypeAttributes.VisibilityMask;
        var wanted = visibility switch
        {
            TypeAttributes.NotPublic => TypeAttributes.Public,
            TypeAttributes.NestedAssembly => TypeAttributes.NestedPublic,
            TypeAttributes.NestedFamANDAssem => TypeAttributes.NestedFamily,
            _ => visibility,
        };
        BitConverter.TryWriteBytes(flagsColumn, (flags & ~(uint)TypeAttributes.VisibilityMask) | (uint)wanted);
    }

    private static void PatchMember(Span<byte> flagsColumn)
    {
        var flags = BitConverter.ToUInt16(flagsColumn);
        var access = flags & MemberAccessMask;
        var wanted = access switch { Assembly => Public, FamAndAssem => Family, _ => access };
        BitConverter.TryWriteBytes(flagsColumn, (ushort)((flags & ~MemberAccessMask) | wanted));
    }
}
