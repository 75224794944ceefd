using Microsoft.ML;
using VideoCaptionRetrieval.Experiments;
using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.TestSupport;

namespace VideoCaptionRetrieval.Search.Tests;

/// <summary>What an index folder is after something went wrong.</summary>
public sealed class VideoIndexFaultTests : IDisposable
{
    private const string Text = "a red box moves";
    private readonly string _folder = Directory.CreateTempSubdirectory("vcr-index-faults-").FullName;
    private readonly MLContext _context = new(seed: 1);
    private readonly MultiCaptionRetrievalTransformer _model;

    public VideoIndexFaultTests()
    {
        SmallModels.WriteClip(Checkpoint, seed: 3);
        _model = _context.VideoRetrieval.FromCheckpoint(Checkpoint, frameCount: FrameRow.FrameCount);
    }

    public void Dispose()
    {
        _model.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private string Checkpoint => Path.Combine(_folder, "clip");

    private string Place => Path.Combine(_folder, "index");

    private string TextFolder => Assert.Single(Directory.GetDirectories(Place, "text-*"));

    private VideoIndex Create(int videos = 3) => VideoIndex.Create(Place, _model, FrameRow.View(videos));

    private MultiCaptionRetrievalTransformer OtherModel()
    {
        SmallModels.WriteClip(Checkpoint + "-other", seed: 4);
        return _context.VideoRetrieval.FromCheckpoint(Checkpoint + "-other", frameCount: FrameRow.FrameCount);
    }

    [Fact]
    public void Add_AnotherModelOrOtherScoring_RefusedAndUnchanged()
    {
        using var index = Create();
        using var other = OtherModel();
        using var warmer = _context.VideoRetrieval.FromCheckpoint(Checkpoint, frameCount: FrameRow.FrameCount, temperature: 0.2);
        foreach (var model in new[] { other, warmer })
        {
            var e = Assert.Throws<InvalidOperationException>(() => index.Add(model, FrameRow.View(9)));
            Assert.Contains(Place, e.Message);
            Assert.Contains("another model", e.Message);
        }
        Assert.Contains("temperature 0.2", Assert.Throws<InvalidOperationException>(() => index.Add(warmer, FrameRow.View(9))).Message);
        Assert.Equal(3, index.Count);
    }

    [Fact]
    public void Create_OverAnotherModelsIndex_ReplacedInOneStep()
    {
        using var old = Create();
        var before = old.Search(Text);
        using var other = OtherModel();
        using var index = VideoIndex.Create(Place, other, FrameRow.View(2));

        Assert.Equal(2, index.Count);
        Assert.Equal(before, old.Search(Text));         // the old one goes on in memory
        Assert.Contains("Open it again", Assert.Throws<InvalidOperationException>(() => old.Add(_model, FrameRow.View(4))).Message);
        using var reopened = VideoIndex.Open(Place);
        Assert.Equal(index.Search(Text), reopened.Search(Text));
        Assert.Single(Directory.GetDirectories(Place, "text-*"));
    }

    [Fact]
    public void Create_Cancelled_WhatWasStoredStays()
    {
        using var cancel = new CancellationTokenSource();
        var options = new VideoIndexOptions { CancellationToken = cancel.Token, Progress = new Cancelling(cancel, at: 65) };

        Assert.ThrowsAny<OperationCanceledException>(() => VideoIndex.Create(Place, _model, FrameRow.View(130), options));

        using var index = VideoIndex.Open(Place);
        Assert.Equal(64, index.Count);
        index.Add(_model, FrameRow.View(66, first: 64));
        Assert.Equal(130, index.Search(Text, top: 200).Count);
    }

    [Fact]
    public void Create_CancelledBeforeTheFirstVideo_TheOldIndexStays()
    {
        Create().Dispose();
        Assert.ThrowsAny<OperationCanceledException>(() =>
            VideoIndex.Create(Place, _model, FrameRow.View(9), new() { CancellationToken = new(canceled: true) }));
        using var index = VideoIndex.Open(Place);
        Assert.Equal(3, index.Count);
    }

    [Fact]
    public void Create_DamagedCheckpoint_NoIndexIsLeft()
    {
        var weights = Path.Combine(Checkpoint, "model.safetensors");
        File.WriteAllBytes(weights, File.ReadAllBytes(weights)[..^100]);
        Assert.Throws<ModelFileException>(() => Create());
        Assert.False(Directory.Exists(Place));
    }

    [Fact]
    public void Create_MissingColumn_NoIndexIsLeft()
    {
        var e = Assert.Throws<ArgumentException>(() => VideoIndex.Create(Place, _model, FrameRow.View(2), new() { VideoIdColumnName = "Name" }));
        Assert.Contains("'Name'", e.Message);
        Assert.False(Directory.Exists(Place));
    }

    [Fact]
    public void Create_ModelWithoutRetrieval_SaysWhatIsExpected()
    {
        var model = _context.Transforms.CopyColumns("Copy", "VideoId").Fit(FrameRow.View(1));
        var e = Assert.Throws<ArgumentException>(() => VideoIndex.Create(Place, model, FrameRow.View(1)));
        Assert.Contains("no retrieval transformer", e.Message);
    }

    [Fact]
    public void Create_FolderOfSomethingElse_RefusedAndUntouched()
    {
        var mine = Path.Combine(Directory.CreateDirectory(Place).FullName, "mine.txt");
        File.WriteAllText(mine, "mine");
        Assert.Contains("'mine.txt'", Assert.Throws<ModelFileException>(() => Create()).Message);
        Assert.Equal([mine], Directory.GetFileSystemEntries(Place));
        Assert.Contains("is a file", Assert.Throws<ModelFileException>(() => VideoIndex.Create(mine, _model, FrameRow.View(1))).Message);
    }

    [Fact]
    public void Open_NoTextFolder_NamesIt()
    {
        Create().Dispose();
        Directory.Delete(TextFolder, recursive: true);
        Assert.Contains("text-", Assert.Throws<ModelFileException>(() => VideoIndex.Open(Place)).Message);
    }

    [Theory]
    [InlineData("model.safetensors")]
    [InlineData("vocab.json")]
    [InlineData("config.json")]
    public void Search_DamagedTextSide_NamesTheFile(string name)
    {
        Create().Dispose();
        var path = Path.Combine(TextFolder, name);
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..^20]);
        using var index = VideoIndex.Open(Place);
        Assert.Equal(3, index.Count);
        Assert.Contains(name, Assert.Throws<ModelFileException>(() => index.Search(Text)).Path);
    }

    private sealed class Cancelling(CancellationTokenSource source, int at) : IProgress<int>
    {
        public void Report(int value)
        {
            if (value == at) source.Cancel();
        }
    }
}
