using VideoCaptionRetrieval.Models;

namespace VideoCaptionRetrieval.Search.Tests.Storage;

public sealed class DamagedIndexTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public DamagedIndexTests() => EmbeddingIndex.Create(_folder.Path, Some.Settings(), Some.Videos(10), folder => File.WriteAllText(Path.Combine(folder, "x"), ""));

    private string Manifest => Path.Combine(_folder.Path, "index.json");

    private string Data => Assert.Single(Directory.GetFiles(_folder.Path, "frames-*.bin"));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Open_NoFolder_SaysSo() => AssertDamaged("does not exist", Path.Combine(_folder.Path, "nowhere"));

    [Fact]
    public void Open_FolderWithoutIndex_SaysSo() => AssertDamaged("holds no 'index.json'", Directory.CreateDirectory(Path.Combine(_folder.Path, "empty")).FullName);

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"format":"somebody else's","version":1}""")]
    [InlineData("""{"format":"video-caption-retrieval-index","version":1}""")]
    public void Open_OtherContentInManifest_Throws(string content)
    {
        File.WriteAllText(Manifest, content);
        AssertDamaged("index.json");
    }

    [Fact]
    public void Open_CutManifest_Throws()
    {
        var text = File.ReadAllText(Manifest);
        for (var length = 0; length < text.Length - 2; length += 7)
        {
            File.WriteAllText(Manifest, text[..length]);
            AssertDamaged("index.json");
        }
    }

    [Fact]
    public void Open_NewerLayout_NamesBothVersions()
    {
        Edit("\"version\": 1", "\"version\": 2, \"segmentz\": []");
        AssertDamaged("layout version 2");
    }

    [Theory]
    [InlineData("\"temperature\": 0.1", "\"temperature\": -1")]
    [InlineData("\"pooling\": \"query-scoring\"", "\"pooling\": \"max\"")]
    [InlineData("\"dimension\": 16", "\"dimension\": 0")]
    [InlineData("\"dimension\": 16", "\"dimension\": 15")]
    [InlineData("\"removed\": []", "\"removed\": [10]")]
    [InlineData("\"removed\": []", "\"removed\": null")]
    [InlineData("\"videos\": 10", "\"videos\": 11")]
    [InlineData("\"file\": \"frames-", "\"file\": \"../frames-")]
    [InlineData("\"text\": \"text-", "\"text\": \"../text-")]
    public void Open_WrongValueInManifest_Throws(string value, string replacement)
    {
        Edit(value, replacement);
        AssertDamaged("");
    }

    [Fact]
    public void Open_MissingData_NamesTheFile()
    {
        var data = Data;
        File.Delete(data);
        AssertDamaged(Path.GetFileName(data));
    }

    [Fact]
    public void Open_MissingText_NamesTheFolder()
    {
        var text = Assert.Single(Directory.GetDirectories(_folder.Path));
        Directory.Delete(text, recursive: true);
        AssertDamaged(Path.GetFileName(text));
    }

    [Fact]
    public void Open_CutOrLongerData_StatesBothLengths()
    {
        var bytes = File.ReadAllBytes(Data);
        foreach (var length in new[] { 0, 10, bytes.Length - 1 })
        {
            File.WriteAllBytes(Data, bytes[..length]);
            AssertDamaged($"{length} bytes; index.json states {bytes.Length}");
        }
        File.WriteAllBytes(Data, [.. bytes, 0]);
        AssertDamaged($"{bytes.Length + 1} bytes");
    }

    [Fact]
    public void Open_OneChangedBit_Throws()
    {
        var bytes = File.ReadAllBytes(Data);
        for (var at = 0; at < bytes.Length; at += 13)
        {
            var changed = bytes.ToArray();
            changed[at] ^= 4;
            File.WriteAllBytes(Data, changed);
            AssertDamaged("The index is damaged");
        }
    }

    [Fact]
    public void Create_OverwritingAForeignManifest_Throws()
    {
        File.WriteAllText(Manifest, """{"name":"a web page's index"}""");
        Assert.Throws<ModelFileException>(() => EmbeddingIndex.Create(_folder.Path, Some.Settings(), overwrite: true));
        Assert.NotEmpty(Data);
    }

    private void Edit(string value, string replacement)
    {
        var text = File.ReadAllText(Manifest);
        Assert.Contains(value, text, StringComparison.Ordinal);
        File.WriteAllText(Manifest, text.Replace(value, replacement, StringComparison.Ordinal));
    }

    private void AssertDamaged(string message, string? path = null)
    {
        var thrown = Assert.Throws<ModelFileException>(() => EmbeddingIndex.Open(path ?? _folder.Path));
        Assert.Contains(message, thrown.Message, StringComparison.Ordinal);
        Assert.StartsWith(path ?? _folder.Path, thrown.Path, StringComparison.Ordinal);
    }
}
