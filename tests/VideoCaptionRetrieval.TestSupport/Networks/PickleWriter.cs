using System.Buffers.Binary;
using System.Text;

namespace VideoCaptionRetrieval.TestSupport.Networks;

/// <summary>Writes pickles operation by operation, sound ones and others.</summary>
internal sealed class PickleWriter
{
    private readonly List<byte> _bytes = [];

    internal PickleWriter(int protocol = 2) => Op(0x80, (byte)protocol);

    internal static byte[] Of(Action<PickleWriter> write, int protocol = 2)
    {
        var writer = new PickleWriter(protocol);
        write(writer);
        return writer.Op('.').ToArray();
    }

    internal byte[] ToArray() => [.. _bytes];

    internal PickleWriter Op(params byte[] bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    internal PickleWriter Op(char operation) => Op((byte)operation);

    internal PickleWriter Global(string module, string name) => Op('c').Op(Encoding.UTF8.GetBytes($"{module}\n{name}\n"));

    internal PickleWriter Text(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return Op('X').Op(BitConverter.GetBytes(bytes.Length)).Op(bytes);
    }

    internal PickleWriter Number(long value) => value is >= int.MinValue and <= int.MaxValue
        ? Op('J').Op(BitConverter.GetBytes((int)value))
        : Op(0x8a, 8).Op(BitConverter.GetBytes(value));

    internal PickleWriter Real(double value)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteDoubleBigEndian(bytes, value);
        return Op('G').Op(bytes);
    }

    internal PickleWriter Numbers(params long[] values)
    {
        Op('(');
        foreach (var value in values) Number(value);
        return Op('t');
    }

    /// <summary>A persistent id: a storage of the file.</summary>
    internal PickleWriter Storage(string key, string type, long count, Action<PickleWriter>? more = null)
    {
        Op('(').Text("storage").Global("torch", type).Text(key).Text("cpu").Number(count);
        more?.Invoke(this);
        return Op('t').Op('Q');
    }

    /// <summary>A tensor by _rebuild_tensor_v2.</summary>
    internal PickleWriter Tensor(string key, string type, long count, long offset, long[] shape, long[] strides) =>
        Global("torch._utils", "_rebuild_tensor_v2").Op('(').Storage(key, type, count).Number(offset).Numbers(shape).Numbers(strides)
            .Op(0x89).Global("collections", "OrderedDict").Op(')').Op('R').Op('t').Op('R');

    /// <summary>A dictionary of one tensor, "w".</summary>
    internal static byte[] OneTensor(string type, long count, long offset, long[] shape, long[] strides, string key = "0") =>
        Of(pickle => pickle.Op('}').Text("w").Tensor(key, type, count, offset, shape, strides).Op('s'));
}
