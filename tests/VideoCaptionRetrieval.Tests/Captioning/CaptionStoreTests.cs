using VideoCaptionRetrieval.Captioning;

namespace VideoCaptionRetrieval.Tests.Captioning;

public sealed class CaptionStoreTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("vcr-store-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string File => Path.Combine(_folder, "captions.jsonl");

    private static StoredCaption Caption(int i, string text) => new(new("10-abc", double.NaN, 2.5, i / 3.0, "blip \"é\""), "clips/dog.mp4", text);

    private CaptionStore Open()
    {
        var store = new CaptionStore(_folder);
        store.Prepare();
        return store;
    }

    private static string? Find(CaptionStore store, int i) => store.TryGet(Caption(i, "").Key, out var text) ? text : null;

    [Fact]
    public void Append_ThenOpenAgain_EveryCaptionIsFound()
    {
        string[] texts = ["a dog", "", "line\nbreak", "\"quoted\" é 犬"];
        Open().Append([.. texts.Select((text, i) => Caption(i, text))]);
        var store = Open();
        Assert.Equal(texts, Enumerable.Range(0, texts.Length).Select(i => Find(store, i)));
        Assert.Null(Find(store, texts.Length));
        Assert.False(store.TryGet(Caption(0, "").Key with { Captioner = "other" }, out _));
        Assert.False(store.TryGet(Caption(0, "").Key with { End = double.NaN }, out _));
    }

    [Fact]
    public void Append_AfterATornLine_OverwritesItAndKeepsTheRest()
    {
        Open().Append([Caption(0, "zero"), Caption(1, "one")]);
        var whole = System.IO.File.ReadAllBytes(File);
        System.IO.File.WriteAllBytes(File, whole[..^9]);                 // the process was killed while it wrote line 2
        var store = Open();
        Assert.Equal(("zero", null), (Find(store, 0), Find(store, 1)));
        store.Append([Caption(2, "two")]);
        Assert.Equal(["zero", null, "two"], Enumerable.Range(0, 3).Select(i => Find(Open(), i)));
        Assert.Equal(2, System.IO.File.ReadAllLines(File).Length);
    }

    [Fact]
    public void Refresh_AnotherStoreAppends_IsFound()
    {
        var (one, other) = (Open(), Open());
        one.Append([Caption(0, "zero")]);
        other.Append([Caption(1, "one")]);
        Assert.Null(Find(one, 1));
        one.Refresh();
        Assert.Equal(("zero", "one"), (Find(one, 0), Find(one, 1)));
        Assert.Equal(("zero", "one"), (Find(other, 0), Find(other, 1)));
    }

    [Fact]
    public void Append_ManyThreadsAndStores_NothingIsLost()
    {
        var stores = new[] { Open(), Open() };
        Parallel.For(0, 200, i => stores[i % 2].Append([Caption(i, $"text {i}")]));
        var store = Open();
        for (var i = 0; i < 200; i++) Assert.Equal($"text {i}", Find(store, i));
        Assert.Equal(200, System.IO.File.ReadAllLines(File).Length);
    }

    [Theory]
    [InlineData("not json", "line 2")]
    [InlineData("[1]", "line 2")]
    [InlineData("""{"content":"x","captioner":"y"}""", "\"caption\"")]
    [InlineData("""{"content":"x","captioner":"y","caption":"z","time":"soon"}""", "\"time\"")]
    public void Prepare_BrokenLine_NamesFileAndLine(string line, string problem)
    {
        Open().Append([Caption(0, "zero")]);
        System.IO.File.AppendAllText(File, line + "\n");
        var e = Assert.Throws<InvalidDataException>(Open);
        Assert.Contains(File, e.Message);
        Assert.Contains("line 2", e.Message);
        Assert.Contains(problem, e.Message);
    }

    [Fact]
    public void Prepare_PathIsAFile_SaysSo()
    {
        var file = Path.Combine(_folder, "file");
        System.IO.File.WriteAllText(file, "");
        Assert.ThrowsAny<IOException>(() => new CaptionStore(file).Prepare());
    }

    [Fact]
    public void Identify_Files_ByContentAndLength()
    {
        string Write(string name, byte[] bytes)
        {
            var path = Path.Combine(_folder, name);
            System.IO.File.WriteAllBytes(path, bytes);
            return VideoContent.Identify(path);
        }
        var big = new byte[5 << 20];
        var identity = Write("a", big);
        Assert.Equal(identity, Write("copy", big));
        big[^1] = 1;
        Assert.NotEqual(identity, Write("end", big));
        Assert.NotEqual(Write("empty", []), Write("one", [0]));
        Assert.NotEqual(identity, Write("longer", new byte[(5 << 20) + 1]));
    }
}
