using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.Objective;
using VideoCaptionRetrieval.Search.Storage;

namespace VideoCaptionRetrieval.Search.Tests;

public sealed class EmbeddingIndexTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(5000)]
    public void Search_ManyVideos_EqualsSortingAll(int top)
    {
        var videos = Some.Videos(1500);
        var index = EmbeddingIndex.Create(_folder.Path, Some.Settings(), videos);
        Assert.Equal(Some.SortedHits(videos, Some.Query(), top), index.Search(Some.Query(), top));
    }

    [Fact]
    public void Search_EqualVideos_AreOrderedByNameOrdinal()
    {
        string[] names = ["b.mp4", "a.mp4", "B.mp4", "é.mp4", "a b.mp4"];
        var index = EmbeddingIndex.Create(_folder.Path, Some.Settings());
        foreach (var name in names) index.Upsert([Some.Video(name, 7)]);
        Assert.Equal(names.Order(StringComparer.Ordinal), index.Search(Some.Query(), 10).Select(hit => hit.VideoId));
        Assert.Equal(names.Order(StringComparer.Ordinal).Take(2), index.Search(Some.Query(), 2).Select(hit => hit.VideoId));
        Assert.Single(index.Search(Some.Query(), 10).Select(hit => hit.Score).Distinct());
    }

    [Fact]
    public void Times_ReplacedAndUnknownVideos_ThoseOfTheNewOneOrNone()
    {
        var index = EmbeddingIndex.Create(_folder.Path, Some.Settings(), Some.Videos(3));
        index.Upsert([Some.Video("video0001.mp4", 9, frames: 5)]);

        Assert.Equal([0.25, 1.25, 2.25, 3.25, 4.25], index.Times("video0001.mp4").ToArray());
        Assert.Equal([0.25], index.Times("video0000.mp4").ToArray());
        Assert.True(index.Times("VIDEO0000.mp4").IsEmpty);
    }

    [Fact]
    public void Search_NoFrames_IsNeverFound()
    {
        var index = EmbeddingIndex.Create(_folder.Path, Some.Settings(),
            [new("none", Array.Empty<float>(), Array.Empty<double>()), Some.Video("good", 1)]);
        Assert.Equal(2, index.VideoIds.Count);
        Assert.Equal("good", Assert.Single(index.Search(Some.Query(), 10)).VideoId);
        Assert.Equal("good", Assert.Single(EmbeddingIndex.Open(_folder.Path).Search(Some.Query(), 1)).VideoId);
    }

    [Theory]
    [InlineData(float.NaN, "NaN")]
    [InlineData(float.PositiveInfinity, "Infinity")]
    [InlineData(float.NegativeInfinity, "-Infinity")]
    public void Create_UpsertAndSearch_NotFinite_RefusedBeforeAnythingIsWritten(float value, string said)
    {
        var damaged = Some.Floats(2 * Some.Dimension, 3);
        damaged[5] = value;
        IndexedVideo broken = new("broken", damaged, new double[2]);
        var created = Assert.Throws<InvalidDataException>(() => EmbeddingIndex.Create(_folder.Path, Some.Settings(), [broken]));
        Assert.False(EmbeddingIndex.Exists(_folder.Path));
        var index = EmbeddingIndex.Create(_folder.Path, Some.Settings(), [Some.Video("good", 1)]);
        foreach (var thrown in new[] { created, Assert.Throws<InvalidDataException>(() => index.Upsert([Some.Video("other", 2), broken])) })
        {
            Assert.Contains("'broken'", thrown.Message, StringComparison.Ordinal);
            Assert.Contains($"'{said}'", thrown.Message, StringComparison.Ordinal);
        }
        Assert.Equal("good", Assert.Single(index.VideoIds));
        var query = Some.Query();
        query[^1] = value;
        Assert.Contains("the query", Assert.Throws<InvalidDataException>(() => index.Search(query, 1)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Search_IndexOfAnEarlierVersionWithNaNAlone_SaysSo()
    {
        var index = EmbeddingIndex.Create(_folder.Path, Some.Settings(), [Some.Video("first", 1), Some.Video("second", 2)]);
        Assert.Equal(2, index.Search(Some.Query(), 10).Count);
        var path = Directory.EnumerateFiles(_folder.Path, "frames-*.bin").Single();
        var manifest = System.Text.Json.Nodes.JsonNode.Parse(File.ReadAllText(Path.Combine(_folder.Path, "index.json")))!;
        var entry = manifest["segments"]![0]!;
        var count = entry["frames"]!.GetValue<int>();
        var frames = Enumerable.Repeat(float.NaN, count * Some.Dimension).ToArray();
        var segment = new Segment(Some.Dimension, ["first", "second"], [count / 2, count / 2], frames, new double[count]);
        var written = SegmentFile.Write(path + ".new", Some.Dimension, segment);
        File.Move(path + ".new", path, overwrite: true);
        (entry["bytes"], entry["sha256"]) = (written.Bytes, written.Sha256);
        File.WriteAllText(Path.Combine(_folder.Path, "index.json"), manifest.ToJsonString());

        var thrown = Assert.Throws<ModelFileException>(() => EmbeddingIndex.Open(_folder.Path).Search(Some.Query(), 1));
        Assert.Contains("not numbers", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Search_EmptyIndex_FindsNothing() => Assert.Empty(EmbeddingIndex.Create(_folder.Path, Some.Settings()).Search(Some.Query(), 5));

    [Fact]
    public void Search_QueryOfWrongLength_Throws()
    {
        var index = EmbeddingIndex.Create(_folder.Path, Some.Settings());
        var thrown = Assert.Throws<ArgumentException>(() => index.Search(new float[Some.Dimension + 1], 5));
        Assert.Contains("17 values", thrown.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => index.Search(Some.Query(), 0));
    }

    [Fact]
    public void Search_QueryOfAnyLength_GivesTheSameOrder()
    {
        var index = EmbeddingIndex.Create(_folder.Path, Some.Settings(), Some.Videos(40));
        var longer = Some.Query().Select(value => value * 8).ToArray();
        Assert.Equal(index.Search(Some.Query(), 40), index.Search(longer, 40));
    }

    [Fact]
    public void Open_AfterCreate_KeepsSettingsVideosAndTimes()
    {
        var settings = new IndexSettings(Some.Dimension, new() { Pooling = FramePooling.Mean, Temperature = 0.07, NormaliseFrames = true }, 12, "beef");
        var created = EmbeddingIndex.Create(_folder.Path, settings, Some.Videos(30));
        var opened = EmbeddingIndex.Open(_folder.Path);
        Assert.Equal(settings, opened.Settings);
        Assert.Equal(created.VideoIds.Order(), opened.VideoIds.Order());
        Assert.Equal(created.Search(Some.Query(), 30), opened.Search(Some.Query(), 30));
        Assert.Null(opened.TextFolder);
    }

    [Fact]
    public void Create_WithText_KeepsItThroughChanges()
    {
        var index = EmbeddingIndex.Create(_folder.Path, Some.Settings(), writeText: folder => File.WriteAllText(Path.Combine(folder, "vocab.json"), "{}"));
        index.Upsert(Some.Videos(5));
        index.Remove(["video0001.mp4"]);
        var text = EmbeddingIndex.Open(_folder.Path).TextFolder!;
        Assert.Equal(_folder.Path, Path.GetDirectoryName(text));
        Assert.Equal("{}", File.ReadAllText(Path.Combine(text, "vocab.json")));
    }

    [Fact]
    public void Create_OverAnIndex_ThrowsUnlessAskedTo()
    {
        EmbeddingIndex.Create(_folder.Path, Some.Settings(), Some.Videos(5), folder => File.WriteAllText(Path.Combine(folder, "old"), ""));
        Assert.True(EmbeddingIndex.Exists(_folder.Path));
        Assert.Throws<IOException>(() => EmbeddingIndex.Create(_folder.Path, Some.Settings()));
        Assert.Equal(5, EmbeddingIndex.Open(_folder.Path).VideoIds.Count);

        var settings = Some.Settings(8, "other");
        EmbeddingIndex.Create(_folder.Path, settings, [], folder => File.WriteAllText(Path.Combine(folder, "new"), ""), overwrite: true);

        var opened = EmbeddingIndex.Open(_folder.Path);
        Assert.Equal(settings, opened.Settings);
        Assert.Empty(opened.VideoIds);
        Assert.Equal(opened.TextFolder, Assert.Single(Directory.GetDirectories(_folder.Path)));
        Assert.True(File.Exists(Path.Combine(opened.TextFolder!, "new")));
    }

    [Fact]
    public void Create_FolderOfOtherFiles_ThrowsAndLeavesThem()
    {
        Directory.CreateDirectory(_folder.Path);
        File.WriteAllText(Path.Combine(_folder.Path, "holiday.mp4"), "x");
        var thrown = Assert.Throws<ModelFileException>(() => EmbeddingIndex.Create(_folder.Path, Some.Settings(), overwrite: true));
        Assert.Contains("'holiday.mp4'", thrown.Message, StringComparison.Ordinal);
        Assert.Equal("holiday.mp4", Path.GetFileName(Assert.Single(Directory.GetFileSystemEntries(_folder.Path))));
    }

    [Fact]
    public void Upsert_KnownVideo_ReplacesIt()
    {
        var index = EmbeddingIndex.Create(_folder.Path, Some.Settings(), Some.Videos(20));
        index.Upsert([Some.Video("video0003.mp4", 999)]);
        IndexedVideo[] expected = [.. Some.Videos(20).Where(video => video.VideoId != "video0003.mp4"), Some.Video("video0003.mp4", 999)];
        Assert.Equal(Some.SortedHits(expected, Some.Query(), 30), index.Search(Some.Query(), 30));
        Assert.Equal(Some.SortedHits(expected, Some.Query(), 30), EmbeddingIndex.Open(_folder.Path).Search(Some.Query(), 30));
    }

    [Fact]
    public void Remove_SomeVideos_AreGoneAndCounted()
    {
        var index = EmbeddingIndex.Create(_folder.Path, Some.Settings(), Some.Videos(20));
        Assert.Equal(2, index.Remove(["video0003.mp4", "video0007.mp4", "unknown.mp4"]));
        Assert.Equal(0, index.Remove(["video0003.mp4"]));
        Assert.Equal(0, index.Remove([]));
        Assert.Equal(18, index.Search(Some.Query(), 30).Count);
        Assert.Equal(18, EmbeddingIndex.Open(_folder.Path).VideoIds.Count);
    }

    [Fact]
    public void Remove_AllVideos_LeavesAnEmptyIndexWithoutData()
    {
        var index = EmbeddingIndex.Create(_folder.Path, Some.Settings(), Some.Videos(20));
        Assert.Equal(20, index.Remove(index.VideoIds));
        Assert.Empty(Directory.GetFiles(_folder.Path, "frames-*"));
        Assert.Empty(EmbeddingIndex.Open(_folder.Path).VideoIds);
    }

    [Fact]
    public void Upsert_InvalidVideos_ThrowAndChangeNothing()
    {
        var index = EmbeddingIndex.Create(_folder.Path, Some.Settings(), Some.Videos(3));
        var before = File.ReadAllText(Path.Combine(_folder.Path, "index.json"));
        var thrown = Assert.Throws<ArgumentException>(() => index.Upsert([new("wide.mp4", new float[2 * 20], new double[2])]));
        Assert.Contains("'wide.mp4'", thrown.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => index.Upsert([Some.Video("a", 1), Some.Video("a", 2)]));
        Assert.Throws<ArgumentException>(() => index.Upsert([Some.Video("", 1)]));
        index.Upsert([]);
        Assert.Equal(before, File.ReadAllText(Path.Combine(_folder.Path, "index.json")));
    }

    [Theory]
    [InlineData(0, 1, "m")]
    [InlineData(8, 0, "m")]
    [InlineData(8, 1, " ")]
    public void Create_InvalidSettings_Throws(int dimension, int frames, string model) => Assert.ThrowsAny<ArgumentException>(
        () => EmbeddingIndex.Create(_folder.Path, new(dimension, FrameScoring.Default, frames, model)));
}
