using System.Buffers.Binary;
using System.Numerics;
using Google.Protobuf;

namespace VideoCaptionRetrieval.Torch.Training.Runs;

/// <summary>
/// A file of events that TensorBoard reads: records of length, checksum, an Event message of tensorflow/core/util/event.proto, checksum.
/// Not thread-safe. Dispose closes it.
/// </summary>
internal sealed class TensorBoardFile : IDisposable
{
    private const string Version = "brain.Event:2";
    private const uint ChecksumMask = 0xA282EAD8;
    private readonly FileStream _file;

    /// <param name="folder">The folder, which is there.</param>
    internal TensorBoardFile(string folder)
    {
        var name = $"events.out.tfevents.{DateTimeOffset.UtcNow.ToUnixTimeSeconds()}.{Environment.MachineName}.{Environment.ProcessId}";
        _file = new(Path.Combine(folder, name), FileMode.Append, FileAccess.Write, FileShare.Read);
        Write(message =>
        {
            message.WriteTag(3, WireFormat.WireType.LengthDelimited);
            message.WriteString(Version);
        });
    }

    /// <summary>Adds one number of one curve.</summary>
    internal void Add(string tag, int step, double value)
    {
        var number = Message(message =>
        {
            message.WriteTag(1, WireFormat.WireType.LengthDelimited);
            message.WriteString(tag);
            message.WriteTag(2, WireFormat.WireType.Fixed32);
            message.WriteFloat((float)value);
        });
        var summary = Message(message =>
        {
            message.WriteTag(1, WireFormat.WireType.LengthDelimited);
            message.WriteBytes(ByteString.CopyFrom(number));
        });
        Write(message =>
        {
            message.WriteTag(2, WireFormat.WireType.Varint);
            message.WriteInt64(step);
            message.WriteTag(5, WireFormat.WireType.LengthDelimited);
            message.WriteBytes(ByteString.CopyFrom(summary));
        });
    }

    public void Dispose() => _file.Dispose();

    private void Write(Action<CodedOutputStream> write)
    {
        var data = Message(message =>
        {
            message.WriteTag(1, WireFormat.WireType.Fixed64);
            message.WriteDouble(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() / 1000.0);
            write(message);
        });
        Span<byte> length = stackalloc byte[sizeof(ulong)], checksum = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)data.Length);
        _file.Write(length);
        Checksum(length, checksum);
        _file.Write(checksum);
        _file.Write(data);
        Checksum(data, checksum);
        _file.Write(checksum);
        _file.Flush();
    }

    /// <summary>CRC-32C, turned and shifted as TFRecord files have it.</summary>
    private static void Checksum(ReadOnlySpan<byte> bytes, Span<byte> checksum)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes) crc = BitOperations.Crc32C(crc, value);
        crc = ~crc;
        BinaryPrimitives.WriteUInt32LittleEndian(checksum, BitOperations.RotateRight(crc, 15) + ChecksumMask);
    }

    private static byte[] Message(Action<CodedOutputStream> write)
    {
        using var buffer = new MemoryStream();
        using (var message = new CodedOutputStream(buffer, leaveOpen: true)) write(message);
        return buffer.ToArray();
    }
}
