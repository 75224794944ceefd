using VideoCaptionRetrieval.Search.Storage;

namespace VideoCaptionRetrieval.Search.Tests.Storage;

public sealed class IndexWriteTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Open_AfterACrashDuringAWrite_SeesTheOldIndexAndTheNextWriteCleansUp()
    {
        var index = EmbeddingIndex.Create(_folder.Path, Some.Settings(), Some.Videos(10));
        var before = index.Search(Some.Query(), 20);
        var leftOver = LeaveWhatACrashLeaves();

        var opened = EmbeddingIndex.Open(_folder.Path);
        Assert.Equal(before, opened.Search(Some.Query(), 20));
        Assert.All(leftOver, entry => Assert.True(Path.Exists(entry)));

        opened.Upsert([Some.Video("new.mp4", 77)]);
        Assert.All(leftOver, entry => Assert.False(Path.Exists(entry)));
        Assert.Equal(11, EmbeddingIndex.Open(_folder.Path).VideoIds.Count);
    }

    [Fact]
    public void Create_AfterACrashOfTheFirstCreate_Works()
    {
        Directory.CreateDirectory(_folder.Path);
        var leftOver = LeaveWhatACrashLeaves();
        EmbeddingIndex.Create(_folder.Path, Some.Settings(), Some.Videos(2));
        Assert.All(leftOver, entry => Assert.False(Path.Exists(entry)));
        Assert.Equal(2, EmbeddingIndex.Open(_folder.Path).VideoIds.Count);
    }

    [Fact]
    public void Create_TextThatCannotBeWritten_LeavesTheOldIndex()
    {
        EmbeddingIndex.Create(_folder.Path, Some.Settings(), Some.Videos(3));
        Assert.Throws<IOException>(() => EmbeddingIndex.Create(
            _folder.Path, Some.Settings(model: "other"), [], _ => throw new IOException("disk full"), overwrite: true));
        var opened = EmbeddingIndex.Open(_folder.Path);
        Assert.Equal(Some.Settings(), opened.Settings);
        Assert.Equal(3, opened.VideoIds.Count);
    }

    [Fact]
    public void Upsert_FilesOfOthersInTheFolder_AreLeftAlone()
    {
        var index = EmbeddingIndex.Create(_folder.Path, Some.Settings(), Some.Videos(3));
        string[] others = ["notes.txt", "frames-1.bin", "index.json.bak"];
        foreach (var other in others) File.WriteAllText(Path.Combine(_folder.Path, other), "mine");
        Directory.CreateDirectory(Path.Combine(_folder.Path, "text"));
        index.Upsert([Some.Video("new.mp4", 77)]);
        Assert.All(others, other => Assert.True(File.Exists(Path.Combine(_folder.Path, other))));
        Assert.True(Directory.Exists(Path.Combine(_folder.Path, "text")));
    }

    [Fact]
    public void Upsert_OneVideoAtATime_KeepsFewFiles()
    {
        var index = EmbeddingIndex.Create(_folder.Path, Some.Settings());
        var videos = Some.Videos(100);
        foreach (var video in videos) index.Upsert([video]);
        Assert.InRange(DataFiles().Length, 1, 10);
        Assert.Equal(Some.SortedHits(videos, Some.Query(), 100), EmbeddingIndex.Open(_folder.Path).Search(Some.Query(), 100));
    }

    [Fact]
    public void Remove_MoreThanHalf_GivesTheSpaceBack()
    {
        var index = EmbeddingIndex.Create(_folder.Path, Some.Settings(), Some.Videos(100));
        var before = DataFiles().Sum(file => new FileInfo(file).Length);
        index.Remove(Some.Videos(80).Select(video => video.VideoId));
        Assert.True(DataFiles().Sum(file => new FileInfo(file).Length) < before / 2);
        Assert.Equal(20, EmbeddingIndex.Open(_folder.Path).Search(Some.Query(), 100).Count);
    }

    [Fact]
    public void Apply_SmallMaximum_DividesDataIntoFiles()
    {
        Directory.CreateDirectory(_folder.Path);
        var folder = new IndexFolder(_folder.Path);
        var videos = Some.Videos(20);
        var next = IndexUpdate.Apply(folder, IndexSnapshot.From(Some.Settings(), null, []), videos, new HashSet<string>(), maximumValues: 10 * Some.Dimension);
        folder.Commit(next.Json);
        Assert.InRange(DataFiles().Length, 6, 20);
        Assert.Equal(Some.SortedHits(videos, Some.Query(), 20), EmbeddingIndex.Open(_folder.Path).Search(Some.Query(), 20));
    }

    [Fact]
    public void Write_LargeArrays_AreReadBackInPieces()
    {
        Directory.CreateDirectory(_folder.Path);
        var (path, frames) = (Path.Combine(_folder.Path, "large.bin"), Some.Floats(700 * 1000, 3));
        var entry = SegmentFile.Write(path, 1000, Segment.From(1000, [new("ü/日本.mp4", frames, new double[700])]));
        var video = SegmentFile.Read(path, entry, 1000).Video(0);
        Assert.Equal("ü/日本.mp4", video.VideoId);
        Assert.Equal(frames, video.Frames.ToArray());
    }

    private string[] DataFiles() => Directory.GetFiles(_folder.Path, "frames-*.bin");

    private string[] LeaveWhatACrashLeaves()
    {
        string[] files = [$"frames-{Guid.NewGuid():N}.bin", $"index.json.{Guid.NewGuid():N}.tmp"];
        foreach (var file in files) File.WriteAllBytes(Path.Combine(_folder.Path, file), new byte[11]);
        var text = Directory.CreateDirectory(Path.Combine(_folder.Path, $"text-{Guid.NewGuid():N}"));
        File.WriteAllText(Path.Combine(text.FullName, "half"), "");
        return [.. files.Select(file => Path.Combine(_folder.Path, file)), text.FullName];
    }
}
