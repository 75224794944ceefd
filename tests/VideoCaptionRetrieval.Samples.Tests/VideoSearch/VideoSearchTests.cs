using System.IO.Compression;
using Microsoft.ML;
using Microsoft.ML.Data;
using VideoCaptionRetrieval.TestSupport;

namespace VideoCaptionRetrieval.Samples.Tests.VideoSearchSample;

[Collection(SharedSearch.Name)]
public sealed class VideoSearchTests(TrainedSearch search)
{
    [SkippableFact]
    public void Train_Videos_SavesOneFileWithoutCaptioners()
    {
        using var archive = ZipFile.OpenRead(search.Model);
        var model = new MLContext().Model.Load(search.Model, out _);

        Assert.Contains(archive.Entries, entry => entry.FullName.StartsWith("TransformerChain", StringComparison.Ordinal));
        Assert.Equal([nameof(FrameSamplerTransformer), nameof(MultiCaptionRetrievalTransformer)],
            ((IEnumerable<ITransformer>)model).Select(stage => stage.GetType().Name));
        Assert.Equal(global::VideoSearchSample.VideoSearch.FrameCount, ((IEnumerable<ITransformer>)model).OfType<MultiCaptionRetrievalTransformer>().Single().FrameCount);
    }

    [SkippableFact]
    public void Predict_ManyThreads_EachVideosEmbeddingOrWhyThereIsNone()
    {
        global::VideoSearchSample.VideoSearch.MLNetModelPath = search.Model;
        var context = new MLContext();
        var videos = context.Data.LoadFromVideoFolder(search.Videos);
        using var model = (TransformerChain<ITransformer>)context.Model.Load(search.Model, out _);
        var expected = videos.GetColumn<string>("VideoPath").Zip(model.Transform(videos).GetColumn<float[]>("Embedding")).ToDictionary();

        Parallel.ForEach(Enumerable.Repeat(expected, 4).SelectMany(all => all), new() { MaxDegreeOfParallelism = 4 }, video =>
        {
            var output = global::VideoSearchSample.VideoSearch.Predict(new() { VideoId = video.Key, VideoPath = video.Key });
            Assert.Equal("", output.FrameError);
            Assert.Equal(video.Value, output.Embedding, (a, b) => Math.Abs(a - b) < 1e-5);
        });
        var gone = global::VideoSearchSample.VideoSearch.Predict(new() { VideoId = "gone.mp4", VideoPath = "gone.mp4" });
        Assert.Contains("does not exist", gone.FrameError, StringComparison.Ordinal);
        Assert.All(gone.Embedding, value => Assert.Equal(0, value));
        Assert.Equal(3, expected.Values.Select(values => values[0]).Distinct().Count());
    }

    [SkippableFact]
    public void Program_VideosTextAndModels_PrintsHitsAndKeepsModelIndexAndSheet()
    {
        var work = search.NewFolder();

        var result = DotnetCommand.TryRun("dotnet", [SampleProgram.Path("VideoSearch"), search.Videos, "a yellow box", search.Models], folder: work);

        Assert.True(result.ExitCode == 0, result.Output + result.Error);
        Assert.Contains("Search: a yellow box", result.Output, StringComparison.Ordinal);
        Assert.Equal(3, result.Output.Split('\n').Count(line => line.StartsWith($"  {search.Videos}/", StringComparison.Ordinal)));
        foreach (var made in new[] { "VideoSearch.mlnet", "index/index.json", "hits.png" }) Assert.True(File.Exists(Path.Combine(work, "video-search", made)), made);
    }

    [SkippableFact]
    public void Program_NoCheckpoints_SaysWhatIsMissing()
    {
        var work = search.NewFolder();

        var result = DotnetCommand.TryRun("dotnet", [SampleProgram.Path("VideoSearch"), search.Videos, "x", "nowhere"], folder: work);

        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains(Path.Combine("nowhere", "clip"), result.Error, StringComparison.Ordinal);
    }
}
