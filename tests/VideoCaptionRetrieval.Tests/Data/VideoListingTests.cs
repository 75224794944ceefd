using VideoCaptionRetrieval.TestSupport;
using Microsoft.ML;
using Microsoft.ML.Data;
using VideoCaptionRetrieval.Data;

namespace VideoCaptionRetrieval.Tests.Data;

[Trait("Category", ForeignCulture.Category)]
public sealed class VideoListingTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("vcr-listing-").FullName;
    private readonly MLContext _context = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private void Touch(params string[] names)
    {
        foreach (var name in names)
        {
            var path = Path.Combine(_folder, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, "");
        }
    }

    private string List(params string[] lines)
    {
        var path = Path.Combine(_folder, "list.jsonl");
        File.WriteAllLines(path, lines);
        return path;
    }

    [Fact]
    public void LoadFromVideoFolder_MixedFiles_VideosInOrdinalOrder()
    {
        Touch("b.mp4", "Z.MKV", "a/é.webm", "a/c.GIF", "a b/-dash.mp4", "notes.txt", ".hidden.mp4", ".git/x.mp4", "a/.cache/y.mp4", "a.mp4/inner.mov", "noextension");
        string[] expected = ["Z.MKV", "a b/-dash.mp4", "a.mp4/inner.mov", "a/c.GIF", "a/é.webm", "b.mp4"];
        foreach (var given in new[] { _folder, _folder + "/", _folder + "//" })
        {
            var view = _context.Data.LoadFromVideoFolder(given);
            Assert.Equal(["VideoId", "VideoPath"], view.Schema.Select(column => column.Name));
            Assert.Equal(expected.Select(name => $"{_folder}/{name}"), view.GetColumn<string>("VideoId"));
            Assert.Equal(view.GetColumn<string>("VideoId"), view.GetColumn<string>("VideoPath"));
        }
    }

    [Fact]
    public void LoadFromVideoFolder_MissingOrEmpty_SaysWhatWasSearched()
    {
        Assert.Contains("'nowhere'", Assert.Throws<DirectoryNotFoundException>(() => _context.Data.LoadFromVideoFolder("nowhere")).Message);
        Touch("notes.txt");
        var e = Assert.Throws<ArgumentException>(() => _context.Data.LoadFromVideoFolder(_folder));
        Assert.Contains(_folder, e.Message);
        Assert.Contains("mp4 m4v mov", e.Message);
    }

    [Fact]
    public void ReadFolder_LinkToFolderAbove_EndsAndFindsEachFileOnce()
    {
        Touch("a/one.mp4");
        Directory.CreateSymbolicLink(Path.Combine(_folder, "a", "loop"), _folder);
        Assert.Equal([$"{_folder}/a/one.mp4"], VideoListing.ReadFolder(_folder).Select(clip => clip.Path));
    }

    [Fact]
    public void LoadFromVideoList_WholeAndParts_NamesWithNumbersAsWritten()
    {
        var list = List("""{"video":"a.mp4"}""", "", """{"video":"a.mp4","start":1.50,"end":1e1}""", """{"video":"b.mp4","start":2,"note":"kept out"}""", """{"video":"b.mp4","end":4.0}""",
            """{"video":"./a.mp4"}""", """{"video":"c.mp4","start":null}""");
        var view = _context.Data.LoadFromVideoList(list);
        Assert.Equal(["a.mp4", "a.mp4#1.50-1e1", "b.mp4#2-", "b.mp4#-4.0", "c.mp4"], view.GetColumn<string>("VideoId"));
        Assert.Equal(["a.mp4", "a.mp4", "b.mp4", "b.mp4", "c.mp4"], view.GetColumn<string>("VideoPath"));
        Assert.Equal([float.NaN, 1.5f, 2, float.NaN, float.NaN], view.GetColumn<float>("ClipStart"));
        Assert.Equal([float.NaN, 10, float.NaN, 4, float.NaN], view.GetColumn<float>("ClipEnd"));
    }

    [Theory]
    [InlineData("""{"video":"a.mp4" """, "expected one JSON object")]
    [InlineData("""["a.mp4"]""", "expected one JSON object")]
    [InlineData("a.mp4", "'a.mp4'")]
    [InlineData("""{"path":"a.mp4"}""", "\"video\" (a text) is missing")]
    [InlineData("""{"video":7}""", "found '7'")]
    [InlineData("""{"video":""}""", "empty")]
    [InlineData("""{"video":"a","start":"1"}""", "\"start\" has to be a number")]
    [InlineData("""{"video":"a","start":-1}""", "0 or more")]
    [InlineData("""{"video":"a","start":3,"end":3}""", "behind \"start\"")]
    [InlineData("""{"video":"a","start":1e999}""", "found '1e999'")]
    public void ReadList_BrokenLine_NamesFileLineAndFinding(string line, string problem)
    {
        var list = List("""{"video":"fine.mp4"}""", "", line);
        var e = Assert.Throws<InvalidDataException>(() => VideoListing.ReadList(list));
        Assert.Contains($"'{list}', line 3", e.Message);
        Assert.Contains(problem, e.Message);
    }

    [Fact]
    public void ReadList_MissingOrEmpty_SaysSo()
    {
        Assert.Contains("absent.jsonl", Assert.Throws<FileNotFoundException>(() => VideoListing.ReadList("absent.jsonl")).Message);
        Assert.Contains("is empty", Assert.Throws<InvalidDataException>(() => VideoListing.ReadList(List("", " "))).Message);
    }

    [Fact]
    public void Read_FileFolderAndList_EachClipOnce()
    {
        Touch("videos/a.mp4", "videos/b.mp4", "odd.bin");
        var list = List($$"""{"video":"{{_folder}}/videos/b.mp4"}""", $$"""{"video":"{{_folder}}/videos/b.mp4","start":1,"end":2}""");
        var clips = VideoListing.Read([$"{_folder}//videos/./a.mp4", $"{_folder}/videos", list, $"{_folder}/odd.bin", "missing.mp4"]);
        Assert.Equal([$"{_folder}//videos/./a.mp4", $"{_folder}/videos/b.mp4", $"{_folder}/videos/b.mp4#1-2", $"{_folder}/odd.bin", "missing.mp4"], clips.Select(clip => clip.VideoId));
        Assert.Contains("'missing'", Assert.Throws<FileNotFoundException>(() => VideoListing.Read("missing")).Message);
    }

    [Theory]
    [InlineData("./a//b/./c.mp4", "a/b/c.mp4")]
    [InlineData("/a//b", "/a/b")]
    [InlineData("a.b/c", "a.b/c")]
    [InlineData("../a/b", "../a/b")]
    public void Normalise_Name_AsCompared(string name, string expected) => Assert.Equal(expected, VideoListing.Normalise(name));
}
