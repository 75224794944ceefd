using Microsoft.ML;
using Microsoft.ML.Data;
using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.Tests.Video;
using VideoCaptionRetrieval.TestSupport;

namespace VideoCaptionRetrieval.Tests.Interop;

public sealed class OtherProcessTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("vcr-process-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [SkippableFact]
    public void Load_FrameSamplerInAnotherProcess_SameFrames()
    {
        InstalledFfmpeg.SkipWhereAbsent();
        foreach (var source in new[] { "testsrc", "smptebars" }) InstalledFfmpeg.MakeClip(Path.Combine(_folder, source + ".mp4"), source);
        var context = new MLContext();
        var videos = context.Data.LoadFromVideoFolder(_folder);
        var model = context.Transforms.SampleFrames("VideoPath", new FrameColumn("Frames", new FrameFormat(8), count: 2)).Fit(videos);
        var zip = Path.Combine(_folder, "model.zip");
        context.Model.Save(model, videos.Schema, zip);

        var frames = model.Transform(videos).GetColumn<byte[]>("Frames").Select(Convert.ToHexString).ToList();
        var output = TestProgram.Run("ModelHost", [zip, "Frames", .. videos.GetColumn<string>("VideoPath")]);

        Assert.Equal(2, frames.Distinct().Count());
        Assert.Equal(["library loaded before: False", .. frames.Select(hex => $"view {hex}"), .. frames.Select(hex => $"engine {hex}"), "libtorch loaded: False"], output);
    }
}
