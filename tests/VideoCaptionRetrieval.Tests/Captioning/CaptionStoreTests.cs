using VideoCaptionRetrieval.TestSupport;
namespace VideoCaptionRetrieval.Tests.Captioning;

[Trait("Category", ForeignCulture.Category)]
public sealed class CaptionStoreTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("vcr-store-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string File => Path.Combine(_folder, "captions.jsonl");

    private static CaptionRecord Caption(int i, string text) => new()
    {
        VideoId = "clips/dog.mp4#-2.50",
        End = 2.5,
        Content = "10-abc",
        Frame = i,
        Time = i / 3.0,
        Captioner = "blip",
        Identity = "blip \"é\"",
        Caption = text,
    };

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
        Assert.False(store.TryGet(Caption(0, "").Key with { Identity = "other" }, out _));
        Assert.False(store.TryGet(Caption(0, "").Key with { Content = "other" }, out _));
        Assert.Equal(texts.Select((text, i) => Caption(i, text)), store.Captions);
        Assert.StartsWith("""{"video":"clips/dog.mp4","end":2.50,"captioner":"blip","frame":0,"time":0,"caption":"a dog",""", System.IO.File.ReadLines(File).First());
    }

    [Fact]
    public void Append_OwnFramesWithoutVideo_AreReadAgain()
    {
        var own = Caption(0, "a dog") with { VideoId = "", End = double.NaN, Time = double.NaN, Content = "frame-abc" };
        Open().Append([own]);
        Assert.Equal(own, Assert.Single(Open().Captions));
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
    [InlineData("""{"video":"v","content":"x","identity":"i","captioner":"y"}""", "\"caption\"")]
    [InlineData("""{"video":"v","content":"x","captioner":"y","caption":"z"}""", "\"identity\"")]
    [InlineData("""{"video":"v","content":"x","identity":"i","captioner":"y","caption":"z","time":"soon"}""", "\"time\"")]
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
    public void Refresh_FileLargerThanTheBuffer_EveryLineIsRead()
    {
        var text = new string('x', 70_000);
        Open().Append([.. Enumerable.Range(0, 40).Select(i => Caption(i, text + i))]);
        Open().Append([Caption(40, new string('y', 3 << 20))]);                 // one line longer than the buffer
        var captions = Open().Captions;
        Assert.Equal(41, captions.Count);
        Assert.Equal(text + 39, captions[39].Caption);
        Assert.Equal(3 << 20, captions[40].Caption.Length);
    }

    [Fact]
    public void Captions_MoreAreAppendedMeanwhile_AreThoseOfBefore()
    {
        var (store, other) = (Open(), Open());
        store.Append([.. Enumerable.Range(0, 3000).Select(i => Caption(i, $"text {i}"))]);
        var captions = store.Captions;
        var read = new List<string>();
        foreach (var caption in captions)
        {
            if (read.Count % 1000 == 0) other.Append([Caption(3000 + read.Count, "more")]);
            read.Add(caption.Caption);
        }
        Assert.Equal(Enumerable.Range(0, 3000).Select(i => $"text {i}"), read);
        Assert.Equal((3000, "text 1234"), (captions.Count, captions[1234].Caption));
        store.Refresh();
        Assert.Equal(3003, store.Captions.Count);
    }

    [Fact]
    public void Captions_FileEditedMeanwhile_SaysSo()
    {
        var store = Open();
        store.Append([Caption(0, "zero"), Caption(1, "one")]);
        System.IO.File.WriteAllText(File, new string('x', 10));
        Assert.Contains("must not be edited", Assert.Throws<InvalidDataException>(() => store.Captions[1]).Message);
        Assert.Contains("must not be edited", Assert.Throws<InvalidDataException>(() => Find(store, 0)).Message);
    }

    [Fact]
    public void Merge_NewKnownAndOtherTexts_OwnStayAndAllAreCounted()
    {
        var (one, other) = (Open(), CaptionStore.Open(Path.Combine(_folder, "other")));
        one.Append([Caption(0, "zero"), Caption(1, "one")]);
        other.Append([Caption(1, "one"), Caption(2, "two"), Caption(0, "nil")]);
        Assert.Equal(new CaptionMerge(Added: 1, Unchanged: 1, Conflicting: 1), one.Merge(other.Captions));
        Assert.Equal(new CaptionMerge(0, 2, 1), one.Merge(other.Captions));
        Assert.Equal(["zero", "one", "two"], Open().Captions.Select(caption => caption.Caption));
        Assert.Equal(3, other.Captions.Count);
    }

    [Theory]
    [InlineData("captions.jsonl", false)]
    [InlineData("captions.parquet", true)]
    public void Import_WhatWasExported_TheSameCaptions(string name, bool parquet)
    {
        var store = Open();
        store.Append([Caption(0, "a \"dog\" é 犬"), Caption(1, ""), Caption(2, "x") with { VideoId = "v.mp4", End = double.NaN, Time = double.NaN }]);
        var file = Path.Combine(_folder, "export", name);
        if (parquet) store.ExportParquet(file);
        else store.ExportJsonLines(file);
        var copy = CaptionStore.Open(Path.Combine(_folder, "copy"));
        Assert.Equal(new CaptionMerge(3, 0, 0), copy.Import(file));
        // Parquet holds numbers, not how they were written.
        string Plain(string videoId) => parquet ? videoId.Replace("2.50", "2.5") : videoId;
        Assert.Equal(store.Captions.Select(caption => caption with { VideoId = Plain(caption.VideoId) }), copy.Captions);
        Assert.Equal(new CaptionMerge(0, 3, 0), copy.Import(file));
        Assert.Equal([file], Directory.GetFiles(Path.GetDirectoryName(file)!));
    }

    [Fact]
    public void Import_DamagedFiles_NameThem()
    {
        var lines = Path.Combine(_folder, "bad.jsonl");
        System.IO.File.WriteAllText(lines, """{"video":"v","caption":"c"}""");
        Assert.Contains("line 1", Assert.Throws<InvalidDataException>(() => Open().Import(lines)).Message);
        var parquet = Path.Combine(_folder, "bad.parquet");
        System.IO.File.WriteAllText(parquet, "PAR1 and nothing more");
        Assert.Contains(parquet, Assert.Throws<InvalidDataException>(() => Open().Import(parquet)).Message);
        Assert.Throws<FileNotFoundException>(() => Open().Import(Path.Combine(_folder, "absent.jsonl")));
    }

    [Fact]
    public void Identify_Files_ByContentAndLength()
    {
        string Write(string name, byte[] bytes)
        {
            var path = Path.Combine(_folder, name);
            System.IO.File.WriteAllBytes(path, bytes);
            return VideoCaptionRetrieval.Video.ContentHash.OfBothEnds(path);
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
