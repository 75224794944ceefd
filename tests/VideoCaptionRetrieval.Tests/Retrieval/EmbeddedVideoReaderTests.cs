using Microsoft.ML;
using Microsoft.ML.Data;
using VideoCaptionRetrieval.Experiments;
using VideoCaptionRetrieval.Retrieval;
using VideoCaptionRetrieval.TestSupport;
using VideoCaptionRetrieval.TestSupport.Retrieval;

namespace VideoCaptionRetrieval.Tests.Retrieval;

public sealed class EmbeddedVideoReaderTests : IDisposable
{
    private readonly TemporaryCheckpoint _checkpoint = new();
    private readonly MLContext _context = new(seed: 1);
    private readonly MultiCaptionRetrievalTransformer _model;

    public EmbeddedVideoReaderTests() => _model = _context.VideoRetrieval.FromCheckpoint(_checkpoint.Folder, frameCount: FrameRow.FrameCount);

    public void Dispose()
    {
        _model.Dispose();
        _checkpoint.Dispose();
    }

    [Fact]
    public void Read_Rows_NamesFramesAndTimes()
    {
        var rows = new[] { new FrameRow("a"), new FrameRow("b") };
        var read = new EmbeddedVideoReader(_model).Read(FrameRow.View(rows)).ToList();
        Assert.Equal(["a", "b"], read.Select(video => video.VideoId));
        Assert.Equal(rows.Select(row => row.Times), read.Select(video => video.Times));
        Assert.All(read, video => Assert.Equal(FrameRow.FrameCount * SmallModels.Dimension, video.Frames.Length));
    }

    [Fact]
    public void Read_RowWithError_SkippedWithItsReason()
    {
        var reader = new EmbeddedVideoReader(_model);
        var read = reader.Read(FrameRow.View(new FrameRow("a") { FrameError = "is damaged" }, new FrameRow("b"))).ToList();
        Assert.Equal("b", Assert.Single(read).VideoId);
        Assert.Equal([new SkippedVideo("a", "is damaged")], reader.Skipped);
    }

    [Fact]
    public void Read_PipelineWithCaptions_AsksForNone()
    {
        var pipeline = new FakePipeline(_context);
        var chain = new TransformerChain<ITransformer>(pipeline, _model);
        var videos = new MLContext().Data.LoadFromEnumerable(Enumerable.Range(0, 3).Select(i => new { VideoId = $"v{i}", VideoPath = $"v{i}.mp4" }));

        var read = new EmbeddedVideoReader(chain).Read(videos).ToList();

        Assert.Equal(3, read.Count);
        Assert.Equal((3, 0), (pipeline.FrameRows, pipeline.CaptionRows));
        Assert.All(read, video => Assert.All(video.Times, time => Assert.Equal(double.NaN, time)));
    }

    [Fact]
    public void Read_Cancelled_Ends()
    {
        using var cancel = new CancellationTokenSource();
        var reading = new EmbeddedVideoReader(_model).Read(FrameRow.View(3), cancel.Token).GetEnumerator();
        Assert.True(reading.MoveNext());
        cancel.Cancel();
        Assert.Throws<OperationCanceledException>(() => reading.MoveNext());
    }

    [Fact]
    public void Read_NoNameColumn_NamesIt() => Assert.Contains(
        "'Title'", Assert.Throws<ArgumentException>(() => new EmbeddedVideoReader(_model, "Title").Read(FrameRow.View(1)).ToList()).Message);

    [Fact]
    public void Of_ChainsOfChains_TheLastRetrievalTransformer()
    {
        using var later = _context.VideoRetrieval.FromCheckpoint(_checkpoint.Folder);
        var copy = _context.Transforms.CopyColumns("Copy", "VideoId").Fit(FrameRow.View(1));
        var inner = new TransformerChain<ITransformer>(copy, later);
        Assert.Same(later, RetrievalStage.Find(new TransformerChain<ITransformer>(_model, inner, copy)));
        Assert.Same(_model, RetrievalStage.Find(_model));
        Assert.Contains("no retrieval transformer", Assert.Throws<ArgumentException>(() => RetrievalStage.Find(copy)).Message);
        Assert.Throws<ArgumentNullException>(() => RetrievalStage.Find(null!));
    }
}
