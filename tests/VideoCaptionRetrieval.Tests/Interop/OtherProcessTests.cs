using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.Models.Imaging;

namespace VideoCaptionRetrieval.Tests.Interop;

public sealed class OtherProcessTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("vcr-process-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Load_FrameSamplerInAnotherProcess_SameFrames()
    {
        foreach (var (name, pattern) in new[] { ("a.mp4", "testsrc"), ("b.mp4", "smptebars") }) Render(Path.Combine(_folder, name), pattern);
        var context = new MLContext();
        var videos = context.Data.LoadFromVideoFolder(_folder);
        var model = context.Transforms.SampleFrames("VideoPath", new FrameColumn("Frames", new FrameFormat(8), count: 2)).Fit(videos);
        var zip = Path.Combine(_folder, "model.zip");
        context.Model.Save(model, videos.Schema, zip);

        var frames = model.Transform(videos).GetColumn<byte[]>("Frames").Select(Convert.ToHexString).ToList();
        var output = ModelHostProcess.Read(zip, "Frames", [.. videos.GetColumn<string>("VideoPath")]);

        Assert.Equal(2, frames.Distinct().Count());
        Assert.Equal(["library loaded before: False", .. frames.Select(hex => $"view {hex}"), .. frames.Select(hex => $"engine {hex}")], output);
    }

    private static void Render(string path, string pattern)
    {
        using var process = Process.Start("ffmpeg", ["-v", "error", "-f", "lavfi", "-i", $"{pattern}=size=64x48:rate=10:duration=2", "-pix_fmt", "yuv420p", path]);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
