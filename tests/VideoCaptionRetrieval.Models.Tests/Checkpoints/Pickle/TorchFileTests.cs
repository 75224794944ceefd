using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.InteropServices;
using VideoCaptionRetrieval.Models.Checkpoints;
using VideoCaptionRetrieval.Models.Checkpoints.Formats;
using VideoCaptionRetrieval.Models.Checkpoints.Pickle;
using VideoCaptionRetrieval.TestSupport.Networks;
using VideoCaptionRetrieval.Torch.Layers;
using VideoCaptionRetrieval.Torch.Native;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Models.Tests.Checkpoints.Pickle;

public sealed class TorchFileTests : IDisposable
{
    private static readonly float[] Six = [0, 1, 2, 3, 4, 5];
    private readonly string _folder = Directory.CreateTempSubdirectory("vcr-torch-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Path => System.IO.Path.Combine(_folder, "weights.bin");

    [Theory]
    [InlineData("DoubleStorage", TensorType.Float64, 8)]
    [InlineData("FloatStorage", TensorType.Float32, 4)]
    [InlineData("HalfStorage", TensorType.Float16, 2)]
    [InlineData("BFloat16Storage", TensorType.BFloat16, 2)]
    [InlineData("LongStorage", TensorType.Int64, 8)]
    [InlineData("IntStorage", TensorType.Int32, 4)]
    [InlineData("ShortStorage", TensorType.Int16, 2)]
    [InlineData("CharStorage", TensorType.Int8, 1)]
    [InlineData("ByteStorage", TensorType.Byte, 1)]
    [InlineData("BoolStorage", TensorType.Bool, 1)]
    public void Open_EveryStorage_TypePlaceAndBytes(string storage, TensorType type, int size)
    {
        var bytes = Enumerable.Range(1, 6 * size).Select(value => (byte)value).ToArray();
        TorchWriter.Archive(Path, PickleWriter.OneTensor(storage, 6, 2, [2, 2], [2, 1]), ("data/0", bytes));
        using var file = WeightsFormats.Open(Path);
        var entry = file.Entry("w");
        Assert.Equal((type, null, null), (entry.Type, entry.Strides, (object?)entry.Values));
        Assert.Equal([2, 2], entry.Shape);
        Assert.Equal(bytes.Skip(2 * size), file.Bytes("w").ToArray());
        Assert.Equal(bytes.Skip(2 * size), File.ReadAllBytes(Path).Skip((int)entry.Offset).Take(4 * size));
    }

    [Fact]
    public void Open_ViewsOfOneStorage_ShareItAndKeepTheirOrder()
    {
        TorchWriter.Archive(Path, PickleWriter.Of(pickle => pickle.Op('}').Op('(')
            .Text("whole").Tensor("a", "FloatStorage", 6, 0, [2, 3], [3, 1])
            .Text("transposed").Tensor("a", "FloatStorage", 6, 0, [3, 2], [1, 3])
            .Text("column").Tensor("a", "FloatStorage", 6, 1, [2], [3])
            .Text("row").Tensor("a", "FloatStorage", 6, 3, [1, 3], [99, 1])
            .Text("empty").Tensor("a", "FloatStorage", 6, 6, [0, 3], [3, 1])
            .Text("scalar").Tensor("a", "FloatStorage", 6, 5, [], [])
            .Op('u')), ("data/a", Bytes(Six)));
        using var file = WeightsFormats.Open(Path);
        Assert.Equal(Six, Floats(file, "whole"));
        Assert.Equal([0, 3, 1, 4, 2, 5], Floats(file, "transposed"));
        Assert.Equal([1, 4], Floats(file, "column"));
        Assert.Equal([3, 4, 5], Floats(file, "row"));
        Assert.Empty(Floats(file, "empty"));
        Assert.Equal([5], Floats(file, "scalar"));
        Assert.Null(file.Entry("row").Strides);
        Assert.Equal([1, 3], file.Entry("transposed").Strides!);
    }

    [Fact]
    public void Open_ProtocolFourWithEveryPlainValue_FindsTheTensors()
    {
        static PickleWriter Short(PickleWriter pickle, string text) => pickle.Op(0x8c, (byte)text.Length).Op(System.Text.Encoding.ASCII.GetBytes(text));
        TorchWriter.Archive(Path, PickleWriter.Of(pickle =>
        {
            pickle.Op(0x95, 1, 0, 0, 0, 0, 0, 0, 0).Op('}').Op(0x94).Op('(');
            pickle.Text("none").Op('N').Text("true").Op(0x88).Text("real").Real(0.5).Text("big").Op(0x8a, 9, 1, 2, 3, 4, 5, 6, 7, 8, 9);
            pickle.Text("set").Op(0x8f).Op('(').Number(1).Number(2).Op(0x90).Text("frozen").Op('(').Number(1).Op(0x91);
            pickle.Text("bytes").Op('C').Op(2, 7, 8).Text("old").Op('U').Op(1, 0xe9).Text("pair").Number(1).Number(2).Op(0x86);
            pickle.Text("encoded").Global("_codecs", "encode").Text("é").Text("latin1").Op(0x86).Op('R');
            pickle.Text("type").Global("torch", "float16").Text("device").Global("torch", "device").Text("cuda").Number(0).Op(0x86).Op('R');
            pickle.Text("size").Global("torch", "Size").Numbers(2, 3).Op(0x85).Op('R').Text("list").Op(']').Number(4).Op('a');
            pickle.Text("old set").Global("__builtin__", "set").Op(']').Op(0x85).Op('R').Number(17).Number(18);
            pickle.Text("v3");
            Short(Short(pickle, "torch._utils"), "_rebuild_tensor_v3").Op(0x93).Op('(').Op('(').Text("storage").Global("torch.storage", "UntypedStorage")
                .Text("0").Text("cpu").Number(24).Op('t').Op('Q').Number(1).Numbers(2).Numbers(1).Op(0x89).Op('}').Global("torch", "float32").Op('t').Op('R');
            pickle.Text("parameter").Global("torch._utils", "_rebuild_parameter").Op('(').Tensor("0", "FloatStorage", 6, 0, [1], [1]).Op(0x88)
                .Global("collections", "OrderedDict").Op(')').Op('R').Op('t').Op('R');
            pickle.Op('u');
        }, protocol: 4), ("data/0", Bytes(Six)));
        using var file = WeightsFormats.Open(Path);
        Assert.Equal(["parameter", "v3"], file.Entries.Keys.Order());
        Assert.Equal([1, 2], Floats(file, "v3"));
        Assert.Equal([0], Floats(file, "parameter"));
    }

    [Theory]
    [InlineData(null, "")]
    [InlineData("state_dict", "module.")]
    [InlineData("model", "")]
    [InlineData("model_state_dict", "")]
    public void Open_WrappedOrPrefixed_NamesOfTheNetworkOnly(string? wrapper, string prefix)
    {
        using var scope = NewDisposeScope();
        var tensors = new Dictionary<string, Tensor> { ["a.weight"] = tensor(Six), ["b"] = tensor(2f) };
        TorchWriter.StateDict(Path, tensors, prefix, wrapper);
        using var file = Assert.IsType<TorchFile>(WeightsFormats.Open(Path));
        Assert.Equal(wrapper is not null, file.Wrapped);
        AssertSame(tensors, file);
    }

    [Fact]
    public void Open_LegacyAndScript_SameTensors()
    {
        using var scope = NewDisposeScope();
        var tensors = new Dictionary<string, Tensor>
        {
            ["layer.weight"] = tensor(Six).reshape(2, 3),
            ["layer.bias"] = tensor(Six).to(ScalarType.Float16),
            ["scale"] = tensor(2f),
            ["layer.inner.ids"] = tensor(new long[] { 1, 2 }),
        };
        TorchWriter.Legacy(Path, tensors);
        using (var file = Assert.IsType<TorchFile>(WeightsFormats.Open(Path)))
        {
            Assert.False(file.Scripted);
            AssertSame(tensors, file);
        }
        File.Delete(Path);
        TorchWriter.Script(Path, tensors);
        using var script = Assert.IsType<TorchFile>(WeightsFormats.Open(Path));
        Assert.True(script.Scripted);
        AssertSame(tensors, script);
    }

    [Fact]
    public void Open_LegacyViewOfAStorage_StartsInside()
    {
        var pickle = PickleWriter.Of(pickle => pickle.Op('}').Text("w").Global("torch._utils", "_rebuild_tensor").Op('(')
            .Storage("s", "FloatStorage", 6, more => more.Op('(').Text("view").Number(2).Number(3).Op('t')).Number(1).Numbers(2).Numbers(1).Op('t').Op('R').Op('s'));
        File.WriteAllBytes(Path, [.. TorchWriter.LegacyHead().SelectMany(part => part), .. pickle,
            .. PickleWriter.Of(keys => keys.Op(']').Text("s").Op('a')), .. BitConverter.GetBytes(6L), .. Bytes(Six)]);
        using var file = WeightsFormats.Open(Path);
        Assert.Equal([3, 4], Floats(file, "w"));
    }

    [Fact]
    public void Open_ZipWithWideDirectoryAndDeflatedPickle_SameTensors()
    {
        TorchWriter.Archive(Path, PickleWriter.OneTensor("FloatStorage", 6, 0, [6], [1]), ("data/0", Bytes(Six)));
        var narrow = File.ReadAllBytes(Path);
        File.WriteAllBytes(Path, Widen(narrow));
        using (var file = WeightsFormats.Open(Path)) Assert.Equal(Six, Floats(file, "w"));

        File.Delete(Path);
        using (var zip = ZipFile.Open(Path, ZipArchiveMode.Create))
        {
            using (var stream = zip.CreateEntry("a/data.pkl", CompressionLevel.Optimal).Open()) stream.Write(PickleWriter.OneTensor("FloatStorage", 6, 0, [6], [1]));
            using (var stream = zip.CreateEntry("a/data/0", CompressionLevel.NoCompression).Open()) stream.Write(Bytes(Six));
        }
        using var deflated = WeightsFormats.Open(Path);
        Assert.Equal(Six, Floats(deflated, "w"));
    }

    /// <summary>Says in 64 bits where the directory lies, as files beyond 4 GiB do.</summary>
    private static byte[] Widen(byte[] zip)
    {
        var end = zip.AsSpan(^22..);
        Assert.Equal(0x06054b50u, BinaryPrimitives.ReadUInt32LittleEndian(end));
        var (count, length, start) = (BinaryPrimitives.ReadUInt16LittleEndian(end[10..]), BinaryPrimitives.ReadUInt32LittleEndian(end[12..]), BinaryPrimitives.ReadUInt32LittleEndian(end[16..]));
        using var wide = new MemoryStream();
        using var writer = new BinaryWriter(wide);
        writer.Write(zip.AsSpan(..^22));
        var record = wide.Position;
        writer.Write(0x06064b50u);
        writer.Write(44L);
        writer.Write([45, 0, 45, 0, .. new byte[8]]);
        foreach (var number in new long[] { count, count, length, start }) writer.Write(number);
        writer.Write(0x07064b50u);
        writer.Write(0);
        writer.Write(record);
        writer.Write(1);
        writer.Write([0x50, 0x4b, 5, 6, 0, 0, 0, 0, .. Enumerable.Repeat((byte)0xff, 12), 0, 0]);
        return wide.ToArray();
    }

    private static void AssertSame(Dictionary<string, Tensor> expected, WeightsFile file)
    {
        Assert.Equal(expected.Keys.Order(), file.Entries.Keys.Order());
        foreach (var (name, tensor) in expected)
        {
            var got = file.Read(name);
            Assert.Equal((tensor.dtype, true), (got.dtype, tensor.shape.SequenceEqual(got.shape)));
            Assert.Equal(tensor.bytes.ToArray(), got.bytes.ToArray());
        }
    }

    private static byte[] Bytes(float[] values) => MemoryMarshal.AsBytes(values.AsSpan()).ToArray();

    private static float[] Floats(WeightsFile file, string name) => MemoryMarshal.Cast<byte, float>(file.Bytes(name)).ToArray();

    static TorchFileTests() => TorchRuntime.EnsureLoaded();
}
