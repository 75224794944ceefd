using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using VideoCaptionRetrieval.Data;
using VideoCaptionRetrieval.TestSupport;

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

    private void Link(string name, string target) =>
        Directory.CreateSymbolicLink(Path.Combine(_folder, name), Path.Combine(_folder, target));

    private static IEnumerable<string> Below(string folder) => VideoListing.ReadFolder(folder).Select(clip => clip.Path[(folder.Length + 1)..]);

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
    public void ReadFolder_FoldersThatLinkToEachOther_EachFileOnceUnderItsOwnPath()
    {
        Touch("videos/a/one.mp4", "videos/b/two.mp4", "videos/c/three.mp4", "beside/other.mp4");
        Link("videos/a/to-b", "videos/b");
        Link("videos/b/to-a", "videos/a");
        Link("videos/0-first", "videos/c");             // met before the folder itself
        Link("videos/back", "");                        // holds the given folder, and others beside it
        Assert.Equal(["a/one.mp4", "b/two.mp4", "c/three.mp4"], Below(Path.Combine(_folder, "videos")));
    }

    [Fact]
    public void ReadFolder_LinksOutOfTheFolder_FollowedOnceAndNotUpwards()
    {
        Touch("disk/more/four.mp4", "disk/five.mp4", "videos/one.mp4");
        Link("videos/more", "disk/more");
        Link("videos/again", "disk/more");
        Link("disk/more/up", "disk");                   // a folder above, out there
        Link("disk/more/home", "videos");
        Link("through", "videos");
        Assert.Equal(["again/four.mp4", "one.mp4"], Below(Path.Combine(_folder, "videos")));
        Assert.Equal(["again/four.mp4", "one.mp4"], Below(Path.Combine(_folder, "through")));       // a link may be given itself
    }

    [Fact]
    public void ReadFolder_LinkToItself_SaidAndLeftOut()
    {
        Touch("one.mp4");
        Directory.CreateSymbolicLink(Path.Combine(_folder, "self.mp4"), Path.Combine(_folder, "self.mp4"));
        var skipped = new List<SkippedVideo>();
        Assert.Equal([$"{_folder}/one.mp4", $"{_folder}/self.mp4"], VideoListing.ReadFolder(_folder, skipped).Select(clip => clip.Path));
        Assert.Empty(skipped);                          // reading it says what is wrong
    }

    [SkippableFact]
    public void Read_NamesThatAreNotUtf8_SkippedAndListed()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "names are bytes there");
        Touch("ok.mp4");
        using (var shell = Process.Start("/bin/sh", ["-c", """cd "$0" && touch "$(printf '\377\376.mp4')" "$(printf 'caf\351.txt')" && mkdir "$(printf 'd\351j\340')" """, _folder]))
            shell.WaitForExit();
        var skipped = new List<SkippedVideo>();
        Assert.Equal([$"{_folder}/ok.mp4"], VideoListing.Read([_folder], skipped).Select(clip => clip.Path));
        Assert.Equal(["d\uFFFDj\uFFFD", "\uFFFD\uFFFD.mp4"], skipped.Select(one => Path.GetFileName(one.VideoId)).Order(StringComparer.Ordinal));
        Assert.All(skipped, one => Assert.Contains("not UTF-8", one.Reason));

        var warnings = new List<string>();
        _context.Log += (_, entry) => warnings.Add(entry.RawMessage);
        Assert.Single(_context.Data.LoadFromVideoFolder(_folder).GetColumn<string>("VideoId"));
        Assert.Equal(2, warnings.Count(line => line.Contains("is left out: its name is not UTF-8", StringComparison.Ordinal)));
        InFolder("rm -r -- *");                         // .NET cannot
    }

    private void InFolder(string command)
    {
        using var shell = Process.Start("/bin/sh", ["-c", $"cd \"$0\" && {command}", _folder]);
        shell.WaitForExit();
        Assert.Equal(0, shell.ExitCode);
    }

    [SkippableFact]
    public void Read_FolderThatCannotBeRead_SkippedAndListed()
    {
        Skip.If(Environment.UserName == "root", "root reads every folder");
        if (OperatingSystem.IsWindows()) return;
        Touch("ok.mp4", "lost+found/two.mp4");
        var locked = Path.Combine(_folder, "lost+found");
        File.SetUnixFileMode(locked, UnixFileMode.None);
        try
        {
            var skipped = new List<SkippedVideo>();
            Assert.Equal([$"{_folder}/ok.mp4"], VideoListing.Read([_folder], skipped).Select(clip => clip.Path));
            Assert.Equal($"{_folder}/lost+found", Assert.Single(skipped).VideoId);
        }
        finally
        {
            File.SetUnixFileMode(locked, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
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
    [InlineData("""{"video":"a \ud83d b"}""", "half of a character")]
    [InlineData("""{"video":"a","tags":["\udc00"]}""", "half of a character")]
    [InlineData("""{"video":"a","\udc00":1}""", "half of a character")]
    [InlineData("""{"video":"a",}""", "trailing comma")]
    public void ReadList_BrokenLine_NamesFileLineAndFinding(string line, string problem)
    {
        var list = List("""{"video":"fine.mp4"}""", "", line);
        var e = Assert.Throws<InvalidDataException>(() => VideoListing.ReadList(list));
        Assert.Contains($"'{list}', line 3", e.Message);
        Assert.DoesNotContain("reader options", e.Message);
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
