using System.IO.Compression;
using System.Text;
using VideoCaptionRetrieval.Models.Checkpoints.Formats;
using VideoCaptionRetrieval.TestSupport.Networks;

namespace VideoCaptionRetrieval.Models.Tests.Checkpoints.Pickle;

/// <summary>Damaged, mislabelled and hostile files: each is refused with its name, for a reason, and at no cost.</summary>
public sealed class HostileFileTests : IDisposable
{
    private const long MaximumAllocation = 100_000_000;
    private static readonly byte[] Storage = new byte[24];
    private readonly string _folder = Directory.CreateTempSubdirectory("vcr-hostile-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Path => System.IO.Path.Combine(_folder, "weights.pt");

    private static readonly Dictionary<string, (Action<PickleWriter> Pickle, string Problem)> Pickles = new()
    {
        ["os.system by GLOBAL"] = (p => p.Global("os", "system").Op('(').Text("true").Op('t').Op('R'), "'os.system'"),
        ["posix.system by GLOBAL"] = (p => p.Global("posix", "system"), "'posix.system'"),
        ["builtins.eval by STACK_GLOBAL"] = (p => p.Text("builtins").Text("eval").Op(0x93), "'builtins.eval'"),
        ["a name through a tensor's module"] = (p => p.Global("torch", "load"), "'torch.load'"),
        ["numpy"] = (p => p.Global("numpy.core.multiarray", "_reconstruct"), "'numpy.core.multiarray._reconstruct'"),
        ["INST"] = (p => p.Op('(').Op('i').Op(Encoding.ASCII.GetBytes("subprocess\nPopen\n")), "'subprocess.Popen'"),
        ["OBJ"] = (p => p.Op('(').Global("collections", "OrderedDict").Op('o'), "'collections.OrderedDict'"),
        ["a scripted class in a file that is no script"] = (p => p.Global("__torch__.a", "B"), "'__torch__.a.B'"),
        ["REDUCE of a text"] = (p => p.Text("eval").Op(')').Op('R'), "a call of a value of type String"),
        ["REDUCE with other operands"] = (p => p.Global("torch._utils", "_rebuild_tensor_v2").Numbers(1, 2).Op('R'), "'torch._utils._rebuild_tensor_v2'"),
        ["NEWOBJ of a function"] = (p => p.Global("_codecs", "encode").Op(')').Op(0x81), "'_codecs.encode'"),
        ["BUILD of a tensor"] = (p => p.Tensor("0", "FloatStorage", 6, 0, [6], [1]).Op('}').Op('b'), "a state of a tensor"),
        ["BUILD of a class"] = (p => p.Global("torch", "Size").Op('}').Op('b'), "a state of 'torch.Size'"),
        ["BUILD with a state that is no dictionary"] = (p => p.Op('}').Text("state").Op('b'), "whose state is"),
        ["a persistent id of a module"] = (p => p.Op('(').Text("module").Op('N').Op('t').Op('Q'), "kind 'module'"),
        ["a copyreg extension"] = (p => p.Op(0x82, 1), "operation 0x82"),
        ["a text persistent id"] = (p => p.Op('P').Op((byte)'x', (byte)'\n'), "operation 0x50"),
        ["an out-of-band buffer"] = (p => p.Op(0x97), "operation 0x97"),
        ["deep nesting"] = (p => p.Op([.. Enumerable.Repeat((byte)']', 3_000_000)]), "values waiting"),
        ["deep marks"] = (p => p.Op([.. Enumerable.Repeat((byte)'(', 1_000_000)]), "nests deeper"),
        ["lists that hold themselves"] = (p =>
        {
            p.Op(']');
            for (var i = 0; i < 400_000; i++) p.Op('2').Op('a').Op(']');
        }, "values waiting"),
        ["a memo of many"] = (p =>
        {
            p.Op('N');
            for (var i = 0; i < 1_000_000; i++) p.Op('r').Op(BitConverter.GetBytes(i * 4001));
        }, "objects"),
        ["a text copied many times"] = (p =>
        {
            p.Text(new string('x', 1_000_000)).Op('q').Op(0);
            for (var i = 0; i < 50_000; i++) p.Global("_codecs", "encode").Op('h').Op(0).Text("latin1").Op(0x86).Op('R').Op('0');
        }, "bytes of text"),
        ["many tensors of one tuple"] = (p =>
        {
            p.Numbers([.. Enumerable.Repeat(1L, 16)]).Op('q').Op(0).Op('0').Storage("0", "FloatStorage", 6).Op('q').Op(1).Op('0')
                .Global("torch._utils", "_rebuild_tensor").Op('q').Op(2).Op('0');
            for (var i = 0; i < 200_000; i++) p.Op('h').Op(2).Op('(').Op('h').Op(1).Op('K').Op(0).Op('h').Op(0).Op('h').Op(0).Op('t').Op('R').Op('0');
        }, "objects"),
        ["a tensor of too many dimensions"] = (p => p.Tensor("0", "FloatStorage", 6, 0, new long[40], new long[40]), "40 sizes"),
        ["LONG1 of 200 bytes"] = (p => p.Op(0x8a, 200).Op(new byte[200]), "integer of 200 bytes"),
        ["LONG4 of 4 GB"] = (p => p.Op(0x8b).Op(BitConverter.GetBytes(uint.MaxValue)), "integer of 4294967295 bytes"),
        ["a text of 4 GB"] = (p => p.Op('X').Op(BitConverter.GetBytes(uint.MaxValue)), "4294967295 bytes"),
        ["bytes of 16 EB"] = (p => p.Op(0x8e).Op(BitConverter.GetBytes(ulong.MaxValue)), "18446744073709551615 bytes"),
        ["a frame past the end"] = (p => p.Op(0x95).Op(BitConverter.GetBytes(long.MaxValue)), "9223372036854775807 bytes"),
        ["a name without an end"] = (p => p.Op('c').Op(Encoding.ASCII.GetBytes(new string('a', 5000))), "without an end"),
        ["a memo that was not stored"] = (p => p.Op('h').Op(5), "recalls value 5"),
        ["an empty stack"] = (p => p.Op(0x86), "where there is none"),
        ["a value below the mark"] = (p => p.Op('N').Op('(').Op('0'), "where there is none"),
        ["a mark that is missing"] = (p => p.Op('t'), "a mark where there is none"),
        ["APPEND to a dictionary"] = (p => p.Op('}').Op('N').Op('a'), "APPEND to a dictionary"),
        ["SETITEM of a tensor"] = (p => p.Tensor("0", "FloatStorage", 6, 0, [6], [1]).Op('N').Op('N').Op('s'), "SETITEM to a tensor"),
        ["a key without a value"] = (p => p.Op('}').Op('(').Op('N').Op('u'), "a key without a value"),
        ["another protocol"] = (p => p.Op(0x80, 9), "protocol 9"),
        ["no dictionary"] = (p => p.Number(5), "holds a value of type Int64"),
        ["no tensors"] = (p => p.Op('}').Text("epoch").Number(5).Op('s'), "the keys 'epoch'"),
        ["negative offset"] = (Tensor(6, -1, [6], [1]), "tensor 'w' has offset -1"),
        ["huge offset"] = (Tensor(6, long.MaxValue, [6], [1]), "tensor 'w' has offset 9223372036854775807"),
        ["offset past the end"] = (Tensor(6, 1, [6], [1]), "holds 6 values"),
        ["negative size"] = (Tensor(6, 0, [-1, -6], [1, 1]), "tensor 'w'"),
        ["huge sizes"] = (Tensor(6, 0, [long.MaxValue, long.MaxValue], [1, 1]), "tensor 'w'"),
        ["huge strides"] = (Tensor(6, 0, [2, 2], [long.MaxValue, long.MaxValue]), "tensor 'w'"),
        ["negative stride"] = (Tensor(6, 5, [6], [-1]), "strides [-1]"),
        ["one value shown many times"] = (Tensor(6, 0, [1_000_000_000_000], [0]), "holds 6 values"),
        ["storage longer than its entry"] = (Tensor(7, 0, [6], [1]), "claims 28 bytes from 0 on, 24 were found"),
        ["storage of negative length"] = (Tensor(-1, 0, [6], [1]), "claims -4 bytes"),
        ["storage of huge length"] = (Tensor(long.MaxValue, 0, [6], [1]), "24 were found"),
        ["storage that is not there"] = (p => p.Op('}').Text("w").Tensor("../../../etc/passwd", "FloatStorage", 6, 0, [6], [1]).Op('s'), "no entry 'archive/data/../../../etc/passwd'"),
        ["many views of one storage"] = (p =>
        {
            p.Op('}').Op('(');
            for (var i = 0; i < 10_000; i++) p.Text($"{i}").Tensor("big", "FloatStorage", 100_000, 0, [100_000], [1]);
            p.Op('u');
        }, "10000 tensors take 4000000000 bytes"),
    };

    public static TheoryData<string> PickleNames => [.. Pickles.Keys];

    [Theory]
    [MemberData(nameof(PickleNames))]
    public void Open_HostilePickle_RefusedByNameAtNoCost(string name)
    {
        var (pickle, problem) = Pickles[name];
        TorchWriter.Archive(Path, PickleWriter.Of(pickle), ("data/0", Storage), ("data/big", name.StartsWith("many views", StringComparison.Ordinal) ? new byte[400_000] : []));
        AssertRefused(problem);
    }

    [Fact]
    public void Open_ModuleThatHoldsItself_Refused()
    {
        TorchWriter.Archive(Path, PickleWriter.Of(p => p.Global("__torch__.a", "B").Op(')').Op(0x81).Op('q').Op(0)
            .Op('}').Text("x").Op('h').Op(0).Op('s').Text("y").Op('h').Op(0).Op('s').Op('b')), ("constants.pkl", []));
        AssertRefused("nested deeper than");
    }

    [Fact]
    public void Open_PickleAlone_RefusedByName()
    {
        File.WriteAllBytes(Path, PickleWriter.Of(p => p.Global("os", "system").Op('(').Text($"touch {Path}.ran").Op('t').Op('R')));
        AssertRefused("'os.system'");
        Assert.False(File.Exists($"{Path}.ran"));
    }

    [Theory]
    [InlineData("TooLong", "claims 7 elements")]
    [InlineData("Negative", "claims -1 elements")]
    [InlineData("Missing", "storage '0', which the file does not list")]
    [InlineData("Unknown", "storage 'other', which no tensor uses")]
    [InlineData("BigEndian", "byte order 'big'")]
    [InlineData("NotMagic", "PyTorch's number")]
    [InlineData("CutInPickle", "byte")]
    public void Open_DamagedLegacyFile_SaysWhat(string damage, string problem)
    {
        var head = TorchWriter.LegacyHead(damage != "BigEndian").SelectMany(part => part).ToArray();
        if (damage == "NotMagic") head[5] ^= 1;
        var pickle = PickleWriter.OneTensor("FloatStorage", 6, 0, [6], [1]);
        var keys = PickleWriter.Of(p =>
        {
            p.Op(']');
            if (damage == "Unknown") p.Text("other").Op('a');
            else if (damage != "Missing") p.Text("0").Op('a');
        });
        var count = damage switch { "TooLong" => 7L, "Negative" => -1L, _ => 6L };
        byte[] whole = [.. head, .. pickle, .. keys, .. BitConverter.GetBytes(count), .. Storage];
        File.WriteAllBytes(Path, damage == "CutInPickle" ? whole[..(head.Length + 40)] : whole);
        AssertRefused(problem);
    }

    [Fact]
    public void Open_FileCutAnywhere_Refused()
    {
        TorchWriter.Archive(Path, PickleWriter.OneTensor("FloatStorage", 6, 0, [6], [1]), ("data/0", Storage));
        var whole = File.ReadAllBytes(Path);
        for (var length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(Path, whole[..length]);
            AssertRefused("");
        }
    }

    [Fact]
    public void Open_AnyByteChanged_RefusedOrOpened()
    {
        TorchWriter.Archive(Path, PickleWriter.OneTensor("FloatStorage", 6, 0, [6], [1]), ("data/0", Storage));
        var whole = File.ReadAllBytes(Path);
        var random = new Random(7);
        for (var at = 0; at < whole.Length; at++)
        {
            var changed = whole.ToArray();
            changed[at] = (byte)random.Next(256);
            File.WriteAllBytes(Path, changed);
            try
            {
                using var file = WeightsFormats.Open(Path);
                foreach (var name in file.Entries.Keys) _ = file.Bytes(name);
            }
            catch (ModelFileException e)
            {
                Assert.Contains(Path, e.Message);
            }
        }
    }

    [Theory]
    [InlineData("../archive/data/0", "leads out of the archive")]
    [InlineData("/etc/data.pkl", "leads out of the archive")]
    [InlineData("archive\\data.pkl", "leads out of the archive")]
    [InlineData("other/data.pkl", "2 objects")]
    [InlineData("archive/data.pkl", "is listed before")]
    public void Open_ZipWithTricks_Refused(string entry, string problem)
    {
        TorchWriter.Zip(Path, CompressionLevel.NoCompression, ("archive/data.pkl", PickleWriter.OneTensor("FloatStorage", 6, 0, [6], [1])), ("archive/data/0", Storage), (entry, [1]));
        AssertRefused(problem);
    }

    [Fact]
    public void Open_CompressedTensors_SaysWhatToDo()
    {
        TorchWriter.Zip(Path, CompressionLevel.Optimal, ("archive/data.pkl", PickleWriter.OneTensor("FloatStorage", 6, 0, [6], [1])), ("archive/data/0", Storage));
        AssertRefused("tensor 'w' lies in the zip's entry 'archive/data/0', which is compressed");
    }

    [Fact]
    public void Open_PickleThatInflatesToGigabytes_Refused()
    {
        TorchWriter.Zip(Path, CompressionLevel.Optimal, ("archive/data.pkl", new byte[40 << 20]));
        AssertRefused("at most 16777216 are expected");
    }

    [Fact]
    public void Open_BigEndianArchive_Refused()
    {
        TorchWriter.Archive(Path, PickleWriter.OneTensor("FloatStorage", 6, 0, [6], [1]), ("data/0", Storage), ("byteorder", "big"u8.ToArray()));
        AssertRefused("byte order 'big'");
    }

    [Theory]
    [InlineData("", "0 bytes")]
    [InlineData("<!DOCTYPE html>", "no known format (it starts with '<!DOCTYPE html>')")]
    [InlineData("version https://git-lfs.github.com/spec/v1\noid sha256:00", "git lfs pull")]
    [InlineData("PK\u0003\u0004 and no more", "cut off")]
    [InlineData("{\"no\": \"index\"}", "'weight_map' is missing")]
    [InlineData("{\"weight_map\": ", "line 1 is not JSON")]
    public void Open_OtherContent_SaysWhatItIs(string content, string problem)
    {
        File.WriteAllText(Path, content);
        AssertRefused(problem);
    }

    [Fact]
    public void Open_ZipOfOtherThings_NamesTheFirst()
    {
        TorchWriter.Zip(Path, CompressionLevel.NoCompression, ("word/document.xml", [1]));
        AssertRefused("'word/document.xml'");
    }

    private void AssertRefused(string problem)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var e = Assert.Throws<ModelFileException>(() => WeightsFormats.Open(Path));
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(Path, e.Path);
        Assert.Contains(problem, e.Message);
        Assert.InRange(allocated, 0, MaximumAllocation);
    }

    private static Action<PickleWriter> Tensor(long count, long offset, long[] shape, long[] strides) =>
        pickle => pickle.Op('}').Text("w").Tensor("0", "FloatStorage", count, offset, shape, strides).Op('s');
}
