using Microsoft.ML;
using VideoCaptionRetrieval.Experiments;
using VideoCaptionRetrieval.Objective;
using VideoCaptionRetrieval.TestSupport;

namespace VideoCaptionRetrieval.Search.Tests;

/// <summary>A folder of videos, a model, an index: and searches by text, embedding and image.</summary>
public sealed class VideoSearchTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("vcr-video-search-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Videos => Path.Combine(_folder, "videos");

    private string Index => Path.Combine(_folder, "index");

    private string Checkpoint
    {
        get
        {
            var folder = Path.Combine(_folder, "clip");
            if (!Directory.Exists(folder)) SmallModels.WriteClip(folder, seed: 3);
            return folder;
        }
    }

    [SkippableFact]
    public async Task OpenOrCreateAsync_AgainWithMoreVideos_AddsThemAlone()
    {
        ProgramOnPath.SkipWithoutFfmpeg();
        ShapeWorldVideos.WriteVideos(Videos, "x", 3);
        var counts = new List<int>();
        VideoSearchOptions options = new() { FrameCount = 4, Progress = new Direct(counts.Add) };
        IReadOnlyList<VideoHit> first;
        using (var index = await VideoSearch.OpenOrCreateAsync(Videos, Checkpoint, Index, options))
        {
            Assert.Equal((3, 4), (index.Count, index.FrameCount));
            first = index.Search("a red circle");
        }
        ShapeWorldVideos.WriteVideos(Videos, "x", 4);
        using (var index = await VideoSearch.OpenOrCreateAsync(Videos, Checkpoint, Index, new() { Progress = options.Progress }))
        {
            Assert.Equal([1, 2, 3, 1], counts);
            Assert.Equal((4, 4), (index.Count, index.FrameCount));
            Assert.Equal(first, index.Search("a red circle").Where(hit => !hit.VideoId.EndsWith("x-00003.mp4", StringComparison.Ordinal)));
        }
        using (await VideoSearch.OpenOrCreateAsync(Videos, Checkpoint, Index, options)) Assert.Equal(4, counts.Count);

        var absent = Path.Combine(_folder, "absent");
        Assert.Contains(absent, (await Assert.ThrowsAsync<DirectoryNotFoundException>(() => VideoSearch.OpenOrCreateAsync(absent, Checkpoint, Index))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Search_EmbeddingOfAText_SameHitsAsTheText()
    {
        var mlContext = new MLContext(seed: 1);
        using var model = mlContext.VideoRetrieval.FromCheckpoint(Checkpoint, frameCount: FrameRow.FrameCount);
        using var index = VideoIndex.Create(Index, model, FrameRow.View(5));
        var (byText, byEmbedding) = (index.Search("a red box"), index.Search(model.EmbedText("a red box")));
        Assert.Equal(byText.Select(hit => hit.VideoId), byEmbedding.Select(hit => hit.VideoId));
        Assert.All(byText.Zip(byEmbedding), pair => Assert.Equal(pair.First.Score, pair.Second.Score, 1e-6));
        foreach (var (faulty, said) in new[] { (new float[model.Dimension - 1], "values"), (new float[model.Dimension], "zero"), (Nan(model.Dimension), "not finite") })
            Assert.Contains(said, Assert.Throws<ArgumentException>(() => index.Search(faulty)).Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void SearchImage_FrameOfAVideo_FindsThatVideo()
    {
        ProgramOnPath.SkipWithoutFfmpeg();
        var mlContext = new MLContext(seed: 1);
        var videos = mlContext.Data.LoadFromVideoClips(ShapeWorldVideos.WriteVideos(Videos, "x", 4).Select(path => new VideoClip(path, path)));
        var chain = mlContext.Transforms.SampleFrames(new FrameSamplerOptions { Columns = [FrameColumn.For(FrameColumn.DefaultName, Checkpoint, 4)] })
            .Append(mlContext.VideoRetrieval.FrozenEncoder(Checkpoint, temperature: 0.01)).Fit(videos);
        using var model = chain.LastTransformer;
        using var index = VideoIndex.Create(Index, chain, videos);
        var image = Path.Combine(_folder, "frame.png");
        using (var ffmpeg = System.Diagnostics.Process.Start("ffmpeg", ["-v", "error", "-i", Path.Combine(Videos, "x-00002.mp4"), "-vf", "select=eq(n\\,2)", "-frames:v", "1", image]))
            ffmpeg.WaitForExit();

        var hits = index.SearchImage(image, chain, top: 2);
        Assert.Equal("x-00002.mp4", Path.GetFileName(hits[0].VideoId));
        Assert.Equal(index.Search(model.EmbedImage(image), top: 2), hits);
        Assert.Throws<FileNotFoundException>(() => index.SearchImage(Path.Combine(_folder, "absent.png"), model));
        Assert.Contains("12 bytes", Assert.Throws<ArgumentException>(() => model.EmbedImage(new byte[11], 2, 2)).Message, StringComparison.Ordinal);
    }

    private static float[] Nan(int dimension)
    {
        var values = new float[dimension];
        values[0] = float.NaN;
        return values;
    }

    private sealed class Direct(Action<int> report) : IProgress<int>
    {
        public void Report(int value) => report(value);
    }
}
