using System.Buffers.Binary;
using System.Text;

namespace VideoCaptionRetrieval.Models.Checkpoints.Pickle;

/// <summary>Reads the operands of a pickle, little-endian unless the format says otherwise, and never past the end.</summary>
/// <param name="path">The file, for messages.</param>
/// <param name="bytes">Bytes that contain the pickle.</param>
/// <param name="position">Offset of its first byte.</param>
internal sealed class PickleCursor(string path, byte[] bytes, int position = 0)
{
    private const int MaxLineLength = 1024;

    /// <summary>Offset of the next byte.</summary>
    internal int Position { get; private set; } = position;

    internal byte Byte() => Span(1)[0];

    internal int UInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Span(2));

    internal int Int32() => BinaryPrimitives.ReadInt32LittleEndian(Span(4));

    internal long Int64() => BinaryPrimitives.ReadInt64LittleEndian(Span(8));

    internal double DoubleBigEndian() => BinaryPrimitives.ReadDoubleBigEndian(Span(8));

    /// <summary>Checks that a length fits into the remaining bytes, so that no buffer grows larger than the file.</summary>
    internal int Length(long announced) => announced >= 0 && announced <= bytes.Length - Position
        ? (int)announced
        : throw Damaged($"announces a value of {unchecked((ulong)announced)} bytes where {bytes.Length - Position} are left");

    internal ReadOnlySpan<byte> Span(long length)
    {
        var count = Length(length);
        Position += count;
        return bytes.AsSpan(Position - count, count);
    }

    /// <summary>Reads text up to the next line feed, which is consumed.</summary>
    internal string Line()
    {
        var rest = bytes.AsSpan(Position, Math.Min(MaxLineLength, bytes.Length - Position));
        var end = rest.IndexOf((byte)'\n');
        if (end < 0) throw Damaged("holds a name without an end");
        Position += end + 1;
        return Encoding.UTF8.GetString(rest[..end]);
    }

    internal ModelFileException Damaged(string problem) =>
        new(path, $"the pickle {problem} (byte {Position}); the file is damaged or was cut off. Download it again.");
}

/// <summary>
/// Limits the cost of one pickle. Published checkpoints, optimisers included, need less than a tenth; a file crafted to exhaust memory reaches
/// the limit in milliseconds.
/// </summary>
/// <param name="path">The file, for messages.</param>
internal sealed class PickleBudget(string path)
{
    /// <summary>The longest pickle in bytes; tensors lie outside of it.</summary>
    internal const int MaximumBytes = 16 << 20;

    internal const int MaximumObjects = 500_000;
    internal const int MaximumStack = 100_000;
    internal const int MaximumMarks = 1_000;
    internal const int MaximumIntegerBytes = 16;

    private long _objects, _bytes;

    /// <summary>Counts objects before they are created.</summary>
    internal void Objects(long count)
    {
        if ((_objects += count) > MaximumObjects) throw Refused($"makes more than {MaximumObjects} objects");
    }

    /// <summary>Counts bytes of texts before they are copied.</summary>
    internal void Bytes(long count)
    {
        if ((_bytes += count) > MaximumBytes) throw Refused($"holds more than {MaximumBytes} bytes of text");
    }

    internal ModelFileException Refused(string what) =>
        new(path, $"the pickle {what}; no checkpoint needs that, so it is not opened.");
}
