using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using VideoCaptionRetrieval.Objective;
using VideoCaptionRetrieval.Tests.Retrieval;
using VideoCaptionRetrieval.TestSupport;
using VideoCaptionRetrieval.TestSupport.Retrieval;

namespace VideoCaptionRetrieval.Tests.Evaluation;

public sealed class ModelEvaluationTests : IDisposable
{
    private const int Videos = 12;
    private readonly TemporaryCheckpoint _checkpoint = new();
    private readonly MLContext _context = new(seed: 1);
    private readonly MultiCaptionRetrievalTransformer _model;

    public ModelEvaluationTests() => _model = _context.VideoRetrieval.FromCheckpoint(_checkpoint.Folder, frameCount: FrameRow.FrameCount);

    public void Dispose()
    {
        _model.Dispose();
        _checkpoint.Dispose();
    }

    private static readonly (string VideoId, string Text)[] TwoEach =
        [.. Enumerable.Range(0, Videos).SelectMany(i => new[] { ($"v{i:000}", $"clip number {i}"), ($"./v{i:000}", $"{i} again") })];

    private IDataView Queries(params (string VideoId, string Text)[] queries) =>
        _context.Data.LoadFromEnumerable(queries.Select(query => new { query.VideoId, query.Text }));

    [Theory]
    [InlineData(null)]
    [InlineData(FramePooling.Mean)]
    public void Evaluate_SeveralQueriesAVideo_EqualsRanksFromEveryPair(FramePooling? pooling)
    {
        var evaluation = _context.VideoRetrieval.Evaluate(_model, FrameRow.View(Videos), Queries(TwoEach), new() { Pooling = pooling });

        var frames = Embeddings();
        var scoring = new FrameScoring { Pooling = pooling ?? FramePooling.QueryScoring };
        var expected = TwoEach.Select((query, at) =>
        {
            var text = new float[_model.Dimension];
            _model.Encoder.EmbedTexts([query.Text], text);
            var scores = frames.Select(video => QueryScoring.Score(video, text, scoring).Score).ToArray();
            return 1.0 + scores.Count(score => score > scores[at / 2]);
        }).ToList();
        Assert.Equal(expected, evaluation.TextToVideoRanks, (a, b) => Math.Abs(a - b) <= 1);     // texts are embedded in other batches
        Assert.True(expected.Zip(evaluation.TextToVideoRanks).Count(pair => pair.First == pair.Second) >= expected.Count - 2);
        Assert.Equal((2 * Videos, Videos), (evaluation.TextToVideo.Queries, evaluation.VideoToText.Queries));
        Assert.Equal(evaluation.TextToVideoRanks.Average(), evaluation.TextToVideo.MeanRank, 1e-9);
        Assert.Equal(100, evaluation.TextToVideo.RecallAt50);
        Assert.Equal((0, 0), (evaluation.UndefinedSimilarities, evaluation.QueriesWithoutVideo));
    }

    [Fact]
    public void Evaluate_TableWithARowForEachCaption_EachVideoIsOneCandidateAndEmbeddedOnce()
    {
        var table = TwoEach.Select((query, at) => new { query.VideoId, VideoPath = $"v{at / 2:000}.mp4", query.Text }).ToArray();
        // The frames depend on the name alone.
        var named = table.Select(row => new { VideoId = row.VideoId.TrimStart('.', '/'), row.VideoPath, row.Text }).ToArray();
        var pipeline = new FakePipeline(_context) { FrameCount = FrameRow.FrameCount };
        var chain = new TransformerChain<ITransformer>(pipeline, _model);
        var rows = _context.Data.LoadFromEnumerable(named.Select(row => new { VideoId = $"v{int.Parse(row.VideoId[1..], CultureInfo.InvariantCulture)}", row.VideoPath, row.Text }));
        var alone = _context.Data.LoadFromEnumerable(Enumerable.Range(0, Videos).Select(i => new { VideoId = $"v{i}", VideoPath = $"v{i:000}.mp4" }));

        var evaluation = _context.VideoRetrieval.Evaluate(chain, rows, rows);
        var read = pipeline.FrameRows;
        var expected = _context.VideoRetrieval.Evaluate(chain, alone, rows);

        Assert.Equal((expected.TextToVideo, expected.VideoToText), (evaluation.TextToVideo, evaluation.VideoToText));
        Assert.Equal((Videos, Videos), (read, evaluation.VideoToText.Queries));
    }

    [Fact]
    public void Evaluate_RowsOfOneNameAboutOtherFiles_NamesBoth()
    {
        var chain = new TransformerChain<ITransformer>(new FakePipeline(_context), _model);
        var rows = _context.Data.LoadFromEnumerable(new[] { "a.mp4", "b.mp4" }.Select(path => new { VideoId = "v0", VideoPath = path, Text = "x" }));
        Assert.Contains("'a.mp4' and 'b.mp4'", Assert.Throws<InvalidDataException>(() => _context.VideoRetrieval.Evaluate(chain, rows, rows)).Message);
    }

    [Fact]
    public void Evaluate_RowsWithoutPaths_OneVideoWhereTheFramesAreTheSameElseAnError()
    {
        var (same, other) = (new FrameRow("./a"), new FrameRow("a"));
        new FrameRow("a").Frames.CopyTo(same.Frames, 0);
        new FrameRow("c").Frames.CopyTo(other.Frames, 0);
        var evaluation = _context.VideoRetrieval.Evaluate(_model, FrameRow.View(new FrameRow("a"), new FrameRow("b"), same), Queries(("a", "x"), ("b", "y")));
        Assert.Equal((2, 2), (evaluation.TextToVideo.Queries, evaluation.VideoToText.Queries));
        Assert.All(evaluation.TextToVideoRanks, rank => Assert.Equal(rank, Math.Floor(rank)));      // no copy is tied with its video
        Assert.Contains("'a' hold different frames", Assert.Throws<InvalidDataException>(() =>
            _context.VideoRetrieval.Evaluate(_model, FrameRow.View(new FrameRow("a"), other), Queries(("a", "x")))).Message);
    }

    [Fact]
    public void Evaluate_BlankQueries_AreCounted() =>
        Assert.Equal(2, _context.VideoRetrieval.Evaluate(_model, FrameRow.View(2), Queries(("v000", "x"), ("v001", " "), ("v001", ""))).BlankQueries);

    [Fact]
    public void Evaluate_UnreadableVideoAndUnknownName_LeftOutAndCounted()
    {
        var videos = FrameRow.View(new FrameRow("a"), new FrameRow("b") { FrameError = "is damaged" });
        var progress = new List<int>();
        var evaluation = _context.VideoRetrieval.Evaluate(_model, videos, Queries(("a", "x"), ("b", "y"), ("nobody", "z")), new()
        {
            Progress = new Collecting(progress),
        });
        Assert.Equal([new SkippedVideo("b", "is damaged")], evaluation.Skipped);
        Assert.Equal(2, evaluation.QueriesWithoutVideo);
        Assert.Equal([1.0], evaluation.TextToVideoRanks);
        Assert.Equal([1], progress);
    }

    [Fact]
    public void Evaluate_OtherColumnNames_AreRead()
    {
        var videos = _context.Transforms.CopyColumns("Name", "VideoId").Fit(FrameRow.View(2)).Transform(FrameRow.View(2));
        var queries = _context.Data.LoadFromEnumerable([new { Name = "v001", Query = "x" }]);
        var evaluation = _context.VideoRetrieval.Evaluate(_model, videos, queries, new() { VideoIdColumnName = "Name", TextColumnName = "Query" });
        Assert.Equal(1, evaluation.TextToVideo.Queries);
    }

    [Fact]
    public void Evaluate_FaultyQueries_FoundBeforeAnyVideoIsRead()
    {
        var pipeline = new FakePipeline(_context);
        var e = Assert.Throws<ArgumentException>(() => _context.VideoRetrieval.Evaluate(_model, pipeline.View(3), Queries(("v0", " "))));
        Assert.Contains("no query", e.Message);
        Assert.Equal(0, pipeline.FrameRows);
    }

    [Fact]
    public void Evaluate_Pipeline_NoCaptionIsAskedFor()
    {
        var pipeline = new FakePipeline(_context);
        _context.VideoRetrieval.Evaluate(_model, pipeline.View(3), Queries(("v0", "x")));
        Assert.Equal((3, 0), (pipeline.FrameRows, pipeline.CaptionRows));
    }

    [Fact]
    public void Evaluate_Cancelled_Ends() => Assert.ThrowsAny<OperationCanceledException>(() => _context.VideoRetrieval.Evaluate(
        _model, FrameRow.View(2), Queries(("v000", "x")), new() { CancellationToken = new(canceled: true) }));

    private List<float[]> Embeddings() =>
        [.. new VideoCaptionRetrieval.Retrieval.EmbeddedVideoReader(_model).Read(FrameRow.View(Videos)).Select(video => video.Frames)];

    private sealed class Collecting(List<int> values) : IProgress<int>
    {
        public void Report(int value) => values.Add(value);
    }
}
