using Microsoft.ML;
using VideoCaptionRetrieval.Experiments;
using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.Objective;
using VideoCaptionRetrieval.TestSupport;
using VideoCaptionRetrieval.TestSupport.Retrieval;

namespace VideoCaptionRetrieval.Tests.Evaluation;

public sealed class RerankedEvaluationTests : IDisposable
{
    private const int Videos = 6;
    private static readonly string[] Texts = ["a red box", "the blue sky", "two dogs", "a tree behind the house", "green grass grows", "a boat on the river"];
    private readonly string _folder = Directory.CreateTempSubdirectory("vcr-rerank-").FullName;
    private readonly MLContext _context = new(seed: 1);
    private readonly MultiCaptionRetrievalTransformer _model;

    public RerankedEvaluationTests()
    {
        var checkpoint = Path.Combine(_folder, "blip");
        SmallModels.WriteBlipRetrieval(checkpoint, seed: 3);
        _model = _context.VideoRetrieval.FromCheckpoint(checkpoint, frameCount: FrameRow.FrameCount);
    }

    public void Dispose()
    {
        _model.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private IDataView Queries => _context.Data.LoadFromEnumerable(Texts.Select((text, i) => new { VideoId = $"v{i:000}", Text = text }));

    [Theory]
    [InlineData(3)]
    [InlineData(128)]
    public void Evaluate_Rerank_RanksOfSimilarityPlusLogit(int count)
    {
        var progress = new List<int>();

        var evaluation = _context.VideoRetrieval.Evaluate(_model, FrameRow.View(Videos), Queries, new() { Rerank = count, Progress = new Collecting(progress) });

        var (similarities, logits) = Reference();
        var expected = Enumerable.Range(0, Texts.Length).Select(query =>
        {
            var best = Enumerable.Range(0, Videos).OrderByDescending(video => similarities[query, video]).ToArray();
            var order = best.Take(count).OrderByDescending(video => similarities[query, video] + logits[query, video]).Concat(best[Math.Min(count, Videos)..]).ToArray();
            return 1.0 + Array.IndexOf(order, query);
        });
        Assert.Equal(expected, evaluation.TextToVideoRanks);
        Assert.Equal(Enumerable.Range(1, 2 * Videos), progress);
        Assert.Equal(0, evaluation.UndefinedSimilarities);
    }

    [Fact]
    public void Evaluate_RerankOneCandidate_RanksStay()
    {
        var plain = _context.VideoRetrieval.Evaluate(_model, FrameRow.View(Videos), Queries);
        var reranked = _context.VideoRetrieval.Evaluate(_model, FrameRow.View(Videos), Queries, new() { Rerank = 1 });
        Assert.Equal(plain.TextToVideoRanks, reranked.TextToVideoRanks);
    }

    [Fact]
    public void Evaluate_RerankUnreadableVideo_LeftOutOnce()
    {
        var videos = FrameRow.View(new FrameRow("v000"), new FrameRow("v001") { FrameError = "is damaged" }, new FrameRow("v002"));
        var evaluation = _context.VideoRetrieval.Evaluate(_model, videos, Queries, new() { Rerank = 2 });
        Assert.Equal([new SkippedVideo("v001", "is damaged")], evaluation.Skipped);
        Assert.Equal(2, evaluation.TextToVideo.Queries);
    }

    [Fact]
    public void Evaluate_RerankWithClipOrNone_SaysWhatIsExpected()
    {
        using var clip = new TemporaryCheckpoint();
        using var model = _context.VideoRetrieval.FromCheckpoint(clip.Folder, frameCount: FrameRow.FrameCount);
        Assert.Contains("BLIP checkpoint", Assert.Throws<ArgumentException>(() =>
            _context.VideoRetrieval.Evaluate(model, FrameRow.View(2), Queries, new() { Rerank = 2 })).Message);
        Assert.Contains("'0'", Assert.Throws<ArgumentException>(() =>
            _context.VideoRetrieval.Evaluate(_model, FrameRow.View(2), Queries, new() { Rerank = 0 })).Message);
    }

    /// <summary>Every pair by itself, [queries, videos].</summary>
    private (double[,] Similarities, double[,] Logits) Reference()
    {
        var (similarities, logits) = (new double[Texts.Length, Videos], new double[Texts.Length, Videos]);
        for (var video = 0; video < Videos; video++)
        {
            var frames = new FrameRow($"v{video:000}").Frames;
            var embeddings = new float[FrameRow.FrameCount * _model.Dimension];
            _model.Encoder.EmbedFrames(frames, FrameRow.FrameCount, embeddings);
            for (var query = 0; query < Texts.Length; query++)
            {
                var (text, logit) = (new float[_model.Dimension], new float[1]);
                _model.Encoder.EmbedTexts([Texts[query]], text);
                similarities[query, video] = QueryScoring.Score(embeddings, text, FrameScoring.Default).Score;
                ((IVideoMatcher)_model.Encoder).Match(frames, FrameRow.FrameCount, [Texts[query]], logit);
                logits[query, video] = logit[0];
            }
        }
        return (similarities, logits);
    }

    private sealed class Collecting(List<int> values) : IProgress<int>
    {
        public void Report(int value) => values.Add(value);
    }
}
