using System.Buffers.Binary;
using System.Text;
using VideoCaptionRetrieval.Models.Checkpoints.Pickle;

namespace VideoCaptionRetrieval.Models.Checkpoints.Formats;

/// <summary>Opens weights in any format, recognised by content, because file names follow no rule.</summary>
public static class WeightsFormats
{
    private const int LengthBytes = 8;
    private const int HeadBytes = 64;
    private const string LargeFilePointer = "version https://git-lfs";

    /// <summary>Opens one file of weights, or the index of several; a prefix of a wrapper that all names share is left out.</summary>
    /// <exception cref="ModelFileException">The file is missing, damaged, not only tensors, or of no known format.</exception>
    public static WeightsFile Open(string path)
    {
        var file = OpenStored(path);
        return NamePrefix.SharedBy(file.Entries.Keys) is { Length: > 0 } prefix ? file.WithoutPrefix(prefix) : file;
    }

    /// <summary>As <see cref="Open"/>, with the names as they are stored.</summary>
    internal static WeightsFile OpenStored(string path)
    {
        var (head, length) = Head(path);
        if (IsSafetensors(head)) return new SafetensorsFile(path);
        if (head.AsSpan().StartsWith("PK\x03\x04"u8) || head.AsSpan().StartsWith("PK\x05\x06"u8)) return TorchFile.OpenZip(path);
        if (head is [0x80, >= 2 and <= 5, ..]) return TorchFile.OpenLegacy(path);
        if (JsonFile.StartsObject(head)) return WeightsIndex.Open(path);
        throw new ModelFileException(path, Encoding.ASCII.GetString(head).StartsWith(LargeFilePointer, StringComparison.Ordinal)
            ? "the file is a pointer that git-lfs has not replaced by the weights; run 'git lfs pull' where it came from."
            : $"the file of {length} bytes is in no known format (it starts with '{Printable(head)}'); expected safetensors, a checkpoint of PyTorch "
              + "(zip, pickle or TorchScript), or the JSON index of several. Download it again.");
    }

    /// <summary>Whether a file is an index of several, by its first bytes.</summary>
    internal static bool IsIndex(string path) => Head(path).Bytes is var head && !IsSafetensors(head) && JsonFile.StartsObject(head);

    private static bool IsSafetensors(byte[] head) => head.Length > LengthBytes && head[LengthBytes] == (byte)'{'
        && BinaryPrimitives.ReadUInt64LittleEndian(head) <= SafetensorsHeader.MaximumLength;

    private static (byte[] Bytes, long Length) Head(string path)
    {
        using var file = new MappedFile(path);
        return (file.Length == 0 ? [] : file.Span(0, (int)Math.Min(file.Length, HeadBytes)).ToArray(), file.Length);
    }

    private static string Printable(byte[] head) =>
        string.Concat(head.Take(16).Select(value => value is >= 0x20 and < 0x7f ? $"{(char)value}" : $"\\x{value:x2}"));
}
