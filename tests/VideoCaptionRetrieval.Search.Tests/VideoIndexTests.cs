using Microsoft.ML;
using Microsoft.ML.Data;
using VideoCaptionRetrieval.Experiments;
using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.Objective;
using VideoCaptionRetrieval.TestSupport;

namespace VideoCaptionRetrieval.Search.Tests;

public sealed class VideoIndexTests : IDisposable
{
    private const string Text = "a red box moves";
    private readonly string _folder = Directory.CreateTempSubdirectory("vcr-video-index-").FullName;
    private readonly MLContext _context = new(seed: 1);
    private readonly MultiCaptionRetrievalTransformer _model;

    public VideoIndexTests()
    {
        SmallModels.WriteClip(Checkpoint, seed: 3);
        _model = Load(Checkpoint);
    }

    public void Dispose()
    {
        _model.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private string Checkpoint => Path.Combine(_folder, "clip");

    private string Place => Path.Combine(_folder, "index");

    private MultiCaptionRetrievalTransformer Load(string checkpoint, double temperature = 0.1) =>
        _context.VideoRetrieval.FromCheckpoint(checkpoint, frameCount: FrameRow.FrameCount, temperature: temperature);

    private VideoIndex Create(int videos = 5) => VideoIndex.Create(Place, _model, FrameRow.View(videos));

    [Fact]
    public void Refresh_AfterAnotherWriter_FindsItsVideos()
    {
        using var writer = Create(videos: 2);
        using var reader = VideoIndex.Open(Place);
        Assert.False(reader.Refresh());
        writer.Add(_model, FrameRow.View(5));
        writer.Remove("v000");

        Assert.Equal(2, reader.Count);
        Assert.True(reader.Refresh());
        Assert.Equal(writer.VideoIds.Order(StringComparer.Ordinal), reader.VideoIds.Order(StringComparer.Ordinal));
        Assert.Equal(writer.Search(Text, 10), reader.Search(Text, 10));

        using var replaced = Create(videos: 3);
        Assert.Throws<InvalidOperationException>(() => reader.Refresh());
    }

    [Fact]
    public void Create_Videos_HoldsThemAndReportsProgress()
    {
        var progress = new List<int>();
        using var index = VideoIndex.Create(Place, _model, FrameRow.View(70), new() { Progress = new Collecting(progress.Add) });

        Assert.Equal((70, FrameRow.FrameCount), (index.Count, index.FrameCount));
        Assert.Equal(Enumerable.Range(0, 70).Select(i => $"v{i:000}"), index.VideoIds.Order(StringComparer.Ordinal));
        Assert.Equal(Enumerable.Range(1, 70), progress);
        Assert.Empty(index.Skipped);
    }

    [Fact]
    public void Search_ModelOfBlip_EqualsBruteForceWithTheFullEncoder()
    {
        var checkpoint = Path.Combine(_folder, "blip");
        SmallModels.WriteBlipRetrieval(checkpoint, seed: 3);
        using var model = Load(checkpoint);
        using (VideoIndex.Create(Place, model, FrameRow.View(12))) { }
        Directory.Delete(checkpoint, recursive: true);      // the index has its own text side
        using var index = VideoIndex.Open(Place);

        var hits = index.Search(Text, top: 12);

        var query = model.EmbedText(Text);
        var view = model.Transform(FrameRow.View(12));
        var scores = view.GetColumn<string>("VideoId").Zip(view.GetColumn<float[]>("FrameEmbeddings"))
            .ToDictionary(video => video.First, video => QueryScoring.Score(video.Second, query, FrameScoring.Default).Score);
        Assert.Equal(scores.Count, hits.Count);
        Assert.All(hits, hit => Assert.Equal(scores[hit.VideoId], hit.Score, 1e-5));
        Assert.Equal(hits.OrderByDescending(hit => hit.Score), hits);
    }

    [Fact]
    public void Rerank_HitsOfBlip_ScorePlusLogitAndTheUnreadableBehind()
    {
        var checkpoint = Path.Combine(_folder, "blip");
        SmallModels.WriteBlipRetrieval(checkpoint, seed: 3);
        using var model = Load(checkpoint);
        using var index = VideoIndex.Create(Place, model, FrameRow.View(8));
        var hits = index.Search(Text, top: 5);
        var damaged = hits[1].VideoId;
        var rows = Enumerable.Range(0, 8).Select(i => new FrameRow($"v{i:000}") { FrameError = damaged == $"v{i:000}" ? "is damaged" : "" });

        var reranked = index.Rerank(Text, hits, model, FrameRow.View(rows));

        var expected = hits.Where(hit => hit.VideoId != damaged).Select(hit =>
        {
            var logit = new float[1];
            ((IVideoMatcher)model.Encoder).Match(new FrameRow(hit.VideoId).Frames, FrameRow.FrameCount, [Text], logit);
            return hit with { Score = hit.Score + logit[0] };
        }).OrderByDescending(hit => hit.Score).Append(hits[1]).ToList();
        Assert.Equal(expected.Select(hit => hit.VideoId), reranked.Select(hit => hit.VideoId));
        for (var i = 0; i < expected.Count; i++)
        {
            Assert.Equal(expected[i].Score, reranked[i].Score, 1e-5);
            Assert.Equal((expected[i].Time, expected[i].Frame), (reranked[i].Time, reranked[i].Frame));
        }
    }

    [Fact]
    public void Rerank_OfClip_SaysWhatIsExpected()
    {
        using var index = Create();
        var hits = index.Search(Text);
        Assert.Contains("BLIP checkpoint", Assert.Throws<ArgumentException>(() => index.Rerank(Text, hits, _model, FrameRow.View(5))).Message);
    }

    [Fact]
    public void Search_Text_EqualsBruteForceWithTheFullEncoder()
    {
        using var index = Create(40);
        var query = new float[_model.Dimension];
        _model.Encoder.EmbedTexts([Text], query);
        var view = _model.Transform(FrameRow.View(40));
        var expected = view.GetColumn<string>("VideoId").Zip(view.GetColumn<float[]>("FrameEmbeddings"), view.GetColumn<double[]>("Frames.Times"))
            .Select(video => (Id: video.First, Score: QueryScoring.Score(video.Second, query, FrameScoring.Default), Times: video.Third))
            .OrderByDescending(video => video.Score.Score).ThenBy(video => video.Id, StringComparer.Ordinal)
            .Select(video => new VideoHit(video.Id, video.Score.Score, video.Times[video.Score.BestFrame], video.Score.BestFrame)).ToList();

        Assert.Equal(expected, index.Search(Text, top: 40));
        Assert.Equal(expected.Take(3), index.Search(Text, top: 3));
        Assert.Equal(10, index.Search(Text).Count);
        Assert.True(expected.Select(hit => hit.Frame).Distinct().Count() > 1);
        Assert.DoesNotContain(expected, hit => double.IsNaN(hit.Time) || double.IsNaN(hit.Score));
    }

    [Fact]
    public void Search_Cancelled_Ends()
    {
        using var index = Create();
        Assert.Throws<OperationCanceledException>(() => index.Search(Text, cancellationToken: new(canceled: true)));
    }

    [Fact]
    public void Open_ProcessWithoutTheModel_SameHits()
    {
        IReadOnlyList<VideoHit> expected;
        using (var index = Create()) expected = index.Search(Text);
        Directory.Delete(Checkpoint, recursive: true);

        var lines = TestProgram.Run("IndexHost", Place, Text);

        var hits = expected.Select(hit => Invariant($"{hit.VideoId} {hit.Score:r} {hit.Time:r} {hit.Frame}"));
        Assert.Equal([.. hits, "libtorch loaded: False"], lines);
    }

    [Fact]
    public async Task Search_ManyThreadsWhileVideosAreAdded_AlwaysAnswers()
    {
        using var index = Create();
        var adding = Task.Run(() => index.Add(_model, FrameRow.View(20, first: 5)));
        Parallel.For(0, 8, _ => Assert.InRange(index.Search(Text, top: 100).Count, 5, 25));
        await adding;
        Assert.Equal(25, index.Search(Text, top: 100).Count);
    }

    [Fact]
    public void Add_NewAndKnownVideos_AddedAndReplaced()
    {
        using var index = Create();
        var renamed = new FrameRow("v001");
        new FrameRow("other").Frames.CopyTo(renamed.Frames, 0);
        var before = index.Search(Text).Single(hit => hit.VideoId == "v001");

        index.Add(_model, FrameRow.View(renamed, new FrameRow("v009")));

        Assert.Equal(6, index.Count);
        Assert.NotEqual(before.Score, index.Search(Text).Single(hit => hit.VideoId == "v001").Score);
        using var reopened = VideoIndex.Open(Place);
        Assert.Equal(index.Search(Text), reopened.Search(Text));
    }

    [Fact]
    public void Create_OneNameTwice_OneVideoWhereTheFramesAreTheSameElseAnError()
    {
        using var index = VideoIndex.Create(Place, _model, FrameRow.View(new FrameRow("v001"), new FrameRow("v002"), new FrameRow("v001")));
        using var alone = VideoIndex.Create(Path.Combine(_folder, "alone"), _model, FrameRow.View(new FrameRow("v001"), new FrameRow("v002")));
        Assert.Equal(alone.Search(Text).Select(hit => hit.VideoId), index.Search(Text).Select(hit => hit.VideoId));

        var other = new FrameRow("v001");
        new FrameRow("other").Frames.CopyTo(other.Frames, 0);
        Assert.Contains("'v001' hold different frames", Assert.Throws<InvalidDataException>(() => index.Add(_model, FrameRow.View(new FrameRow("v001"), other))).Message);
    }

    [Fact]
    public void FrameCount_OtherThanTheModels_IsTheIndexsAndAdditionsMustHaveIt()
    {
        using var ten = _context.VideoRetrieval.FromCheckpoint(Checkpoint, frameCount: 10);
        using var index = VideoIndex.Create(Place, ten, FrameRow.View(2));
        Assert.Equal((10, FrameRow.FrameCount), (ten.FrameCount, index.FrameCount));
        using var reopened = VideoIndex.Open(Place);
        Assert.Equal(FrameRow.FrameCount, reopened.FrameCount);

        using var one = _context.VideoRetrieval.FromCheckpoint(Checkpoint, frameCount: 1);         // takes the middle of a pool of three
        var message = Assert.Throws<InvalidOperationException>(() => index.Add(one, FrameRow.View(1, first: 5))).Message;
        Assert.Contains("holds 3 frames of a video; those to add have 1", message);
        index.Add(ten, FrameRow.View(1, first: 5));
        Assert.Equal(3, index.Count);
    }

    [Fact]
    public void Remove_KnownAndUnknown_CountsTheKnown()
    {
        using var index = Create();
        Assert.Equal(2, index.Remove("v000", "v003", "nobody"));
        Assert.Equal(0, index.Remove([]));
        Assert.Equal(["v001", "v002", "v004"], index.Search(Text).Select(hit => hit.VideoId).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Create_UnreadableVideo_LeftOutAndListed()
    {
        using var index = VideoIndex.Create(Place, _model, FrameRow.View(new FrameRow("good"), new FrameRow("bad") { FrameError = "is damaged" }));
        Assert.Equal(["good"], index.VideoIds);
        Assert.Equal([new SkippedVideo("bad", "is damaged")], index.Skipped);
        index.Add(_model, FrameRow.View(new FrameRow("new")));
        Assert.Empty(index.Skipped);
    }

    [Fact]
    public void Create_FramesWithoutTimes_TimesAreNaN()
    {
        var view = _context.Transforms.DropColumns("Frames.Times").Fit(FrameRow.View(2)).Transform(FrameRow.View(2));
        using var index = VideoIndex.Create(Place, _model, view);
        Assert.All(index.Search(Text), hit => Assert.Equal(double.NaN, hit.Time));
    }

    [Fact]
    public void Create_PoolOfFrames_TimesAreThoseOfTheFramesThatWereEmbedded()
    {
        var view = FrameRow.View(2);
        using var middle = _context.VideoRetrieval.FromCheckpoint(Checkpoint, frameCount: 1);
        using var index = VideoIndex.Create(Place, middle, view);
        var times = view.GetColumn<string>("VideoId").Zip(view.GetColumn<double[]>("Frames.Times")).ToDictionary(row => row.First, row => row.Second[1]);
        Assert.All(index.Search(Text), hit => Assert.Equal((times[hit.VideoId], 0), (hit.Time, hit.Frame)));
    }

    [Fact]
    public void Create_NoVideo_EmptyIndexThatTakesVideosLater()
    {
        using (var index = VideoIndex.Create(Place, _model, FrameRow.View([]))) Assert.Empty(index.Search(Text));
        using var reopened = VideoIndex.Open(Place);
        reopened.Add(_model, FrameRow.View(1));
        Assert.Single(reopened.Search(Text));
    }

    [Fact]
    public void Search_FaultyArguments_Refused()
    {
        using var index = Create(1);
        Assert.Throws<ArgumentNullException>(() => index.Search((string)null!));
        Assert.Throws<ArgumentOutOfRangeException>(() => index.Search(Text, top: 0));
    }

    [Fact]
    public void Search_Disposed_SaysSo()
    {
        var index = Create(1);
        index.Search(Text);
        index.Dispose();
        index.Dispose();
        Assert.Throws<ObjectDisposedException>(() => index.Search(Text));
    }

    private sealed class Collecting(Action<int> take) : IProgress<int>
    {
        public void Report(int value) => take(value);
    }
}
