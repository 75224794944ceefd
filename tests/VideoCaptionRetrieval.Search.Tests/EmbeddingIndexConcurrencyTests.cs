using VideoCaptionRetrieval.Search.Storage;

namespace VideoCaptionRetrieval.Search.Tests;

public sealed class EmbeddingIndexConcurrencyTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Search_AfterAnotherWriter_StaysOnItsSnapshotUntilRefresh()
    {
        EmbeddingIndex.Create(_folder.Path, Some.Settings(), Some.Videos(10));
        var (reader, writer) = (EmbeddingIndex.Open(_folder.Path), EmbeddingIndex.Open(_folder.Path));
        var before = reader.Search(Some.Query(), 50);

        writer.Upsert([Some.Video("new.mp4", 500)]);
        writer.Remove(["video0000.mp4"]);

        Assert.Equal(before, reader.Search(Some.Query(), 50));
        Assert.True(reader.Refresh());
        Assert.False(reader.Refresh());
        Assert.Equal(writer.Search(Some.Query(), 50), reader.Search(Some.Query(), 50));
    }

    [Fact]
    public void Upsert_AfterAnotherWriter_KeepsItsChanges()
    {
        EmbeddingIndex.Create(_folder.Path, Some.Settings(), Some.Videos(10));
        var (first, second) = (EmbeddingIndex.Open(_folder.Path), EmbeddingIndex.Open(_folder.Path));
        first.Upsert([Some.Video("first.mp4", 1)]);
        second.Upsert([Some.Video("second.mp4", 2)]);
        Assert.Equal(12, second.VideoIds.Count);
        Assert.Equal(12, EmbeddingIndex.Open(_folder.Path).VideoIds.Count);
    }

    [Fact]
    public void Upsert_IndexReplacedByAnotherModel_Throws()
    {
        var index = EmbeddingIndex.Create(_folder.Path, Some.Settings(), Some.Videos(10));
        EmbeddingIndex.Create(_folder.Path, Some.Settings(model: "other"), overwrite: true);
        Assert.Throws<InvalidOperationException>(() => index.Upsert(Some.Videos(1)));
        Assert.Throws<InvalidOperationException>(() => index.Refresh());
        Assert.Equal(10, index.Search(Some.Query(), 50).Count);
        Assert.Empty(EmbeddingIndex.Open(_folder.Path).VideoIds);
    }

    [Fact]
    public void Upsert_WhileAnotherWrites_Throws()
    {
        var index = EmbeddingIndex.Create(_folder.Path, Some.Settings(), Some.Videos(10));
        using (new FileStream(Path.Combine(_folder.Path, "index.lock"), FileMode.Open, FileAccess.ReadWrite, FileShare.None))
        {
            var thrown = Assert.Throws<IOException>(() => index.Upsert([Some.Video("new.mp4", 1)]));
            Assert.Contains("another process", thrown.Message, StringComparison.Ordinal);
            Assert.Equal(10, EmbeddingIndex.Open(_folder.Path).VideoIds.Count);
        }
        index.Upsert([Some.Video("new.mp4", 1)]);
        Assert.Equal(11, index.VideoIds.Count);
    }

    [Fact]
    public async Task Search_DuringChanges_SeesWholeStatesOnly()
    {
        const int Rounds = 60;
        // Round r holds ten videos, all made from seed r: a search that mixed two rounds would see two scores.
        IndexedVideo[] Round(int round) => [.. Enumerable.Range(0, 10).Select(at => Some.Video($"video{at}", round))];
        var index = EmbeddingIndex.Create(_folder.Path, Some.Settings(), Round(0));
        using var done = new CancellationTokenSource();
        void AssertWhole(EmbeddingIndex which)
        {
            var hits = which.Search(Some.Query(), 20);
            Assert.Equal(10, hits.Count);
            Assert.Single(hits.Select(hit => hit.Score).Distinct());
        }
        var searching = Enumerable.Range(0, 2).Select(_ => Task.Run(() =>
        {
            while (!done.IsCancellationRequested) AssertWhole(index);
        }));
        var opening = Task.Run(() =>
        {
            while (!done.IsCancellationRequested) AssertWhole(EmbeddingIndex.Open(_folder.Path));
        });
        Task[] readers = [.. searching, opening];
        for (var round = 1; round <= Rounds; round++) index.Upsert(Round(round));
        await done.CancelAsync();
        await Task.WhenAll(readers);
        AssertWhole(EmbeddingIndex.Open(_folder.Path));
    }

    [Fact]
    public void Upsert_FromManyThreads_LosesNothing()
    {
        var index = EmbeddingIndex.Create(_folder.Path, Some.Settings());
        Parallel.For(0, 40, at => index.Upsert([Some.Video($"video{at}", at)]));
        Assert.Equal(40, index.Search(Some.Query(), 100).Count);
        Assert.Equal(40, EmbeddingIndex.Open(_folder.Path).VideoIds.Count);
    }

    [Fact]
    public void Search_Cancelled_Throws()
    {
        var index = EmbeddingIndex.Create(_folder.Path, Some.Settings(), Some.Videos(10));
        using var source = new CancellationTokenSource();
        source.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => index.Search(Some.Query(), 5, source.Token));
    }
}
