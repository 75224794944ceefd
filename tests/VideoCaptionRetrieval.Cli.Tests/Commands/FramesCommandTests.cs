using VideoCaptionRetrieval.Models.Imaging;
using VideoCaptionRetrieval.TestSupport;

namespace VideoCaptionRetrieval.Cli.Tests.Commands;

[Trait("Category", ForeignCulture.Category)]
[Collection(ToolTests.Name)]
public sealed class FramesCommandTests(Assets assets)
{
    private const double FrameSeconds = 1 / 25.0;

    [SkippableFact]
    public async Task Frames_Defaults_TenCentreCroppedFramesOf224Pixels()
    {
        var (video, folder) = (assets.Paths[0], assets.Folder() + "/new/");
        var json = (await Tool.RunAsync("frames", video, "--out", folder, "--json")).Expect(0).Json;
        Assert.Equal(["path", "duration", "frames"], json.Keys());
        Assert.Equal((video, 4.0), (json.Text("path"), json.Number("duration")));
        var frames = json.GetProperty("frames").EnumerateArray().ToArray();
        Assert.Equal(10, frames.Length);
        for (var k = 0; k < frames.Length; k++)
        {
            Assert.Equal(["index", "time", "file"], frames[k].Keys());
            Assert.Equal(k, frames[k].GetProperty("index").GetInt32());
            // The frame on screen at (k + ½)·4/10 seconds.
            Assert.Equal(Math.Floor(((k + 0.5) * 0.4 / FrameSeconds) + 1e-9) * FrameSeconds, frames[k].Number("time"), 9);
            Assert.Equal($"{folder}{k:0000}.png", frames[k].Text("file"));
            var image = ImageFile.Load(frames[k].Text("file"));
            Assert.Equal((224, 224), (image.Width, image.Height));
        }
        Assert.Equal(10, Directory.GetFiles(folder).Length);
    }

    [Theory]
    [InlineData("1000000000")]
    [InlineData("10001")]
    [InlineData("0")]
    public async Task Frames_CountBeyondItsBounds_IsBadUsage(string count) =>
        (await Tool.RunAsync("frames", "v.mp4", "--count", count, "--out", "x")).ExpectError(2, $"--count: found {count}, expected 1 to 10000");

    [SkippableFact]
    public async Task Frames_PixelAspect_SquareUnlessStoredIsAskedFor()
    {
        var (video, folder) = (Path.Combine(assets.Folder(), "wide.mp4"), assets.Folder());
        using (var ffmpeg = System.Diagnostics.Process.Start("ffmpeg",
            ["-loglevel", "error", "-i", assets.Paths[0], "-frames:v", "5", "-vf", "setsar=2", "-c:v", "libx264", video])) await ffmpeg.WaitForExitAsync();
        async Task<(int, int)> SizeAsync(params string[] options)
        {
            (await Tool.RunAsync(["frames", video, "--count", "1", "--size", "60", "--fit", "shortest-edge", "--out", folder, .. options])).Expect(0);
            var image = ImageFile.Load(Path.Combine(folder, "0000.png"));
            return (image.Width, image.Height);
        }
        var (stored, height) = await SizeAsync("--pixel-aspect", "stored");
        Assert.Equal((2 * stored, height), await SizeAsync());
        Assert.Equal((2 * stored, height), await SizeAsync("--pixel-aspect", "square"));
    }

    [SkippableFact]
    public async Task Frames_TimesInAnotherCulture_MeanTheSame()
    {
        using var culture = new ForeignCulture();
        var json = (await Tool.RunAsync("frames", assets.Paths[0], "--at", "1.5", "0.25", "--out", assets.Folder(), "--json")).Expect(0).Json;
        Assert.Equal(["0.24", "1.48"], json.GetProperty("frames").EnumerateArray().Select(frame => Invariant($"{frame.Number("time"):0.##}")));
    }

    [SkippableFact]
    public async Task Frames_OfModels_TakeTheirSizeCountAndFit()
    {
        var model = await assets.ModelAsync();
        Assert.Equal((10, 64), await CountAndSizeAsync("--clip", assets.Clip));
        Assert.Equal((4, 64), await CountAndSizeAsync("--clip", model));
        Assert.Equal((3, 32), await CountAndSizeAsync("--clip", model, "--count", "3", "--size", "32"));
    }

    [SkippableFact]
    public async Task Frames_Stretched_ShowTheWholeWidth()
    {
        var (cropped, stretched) = (assets.Folder(), assets.Folder());
        (await Tool.RunAsync("frames", assets.Paths[1], "--count", "1", "--size", "48", "--out", cropped)).Expect(0);
        var people = (await Tool.RunAsync("frames", assets.Paths[1], "--count", "1", "--size", "48", "--fit", "stretch", "--out", stretched)).Expect(0);
        Assert.Equal($"00:02  {stretched}/0000.png", people.Output.Trim());
        Assert.NotEqual(ImageFile.Load($"{cropped}/0000.png").Pixels, ImageFile.Load($"{stretched}/0000.png").Pixels);
    }

    [SkippableTheory]
    [InlineData("nothing.mp4", null, "does not exist")]
    [InlineData("damaged.mp4", "no video at all", "ffprobe")]
    [InlineData("empty.mp4", "", "is empty")]
    public async Task Frames_UnreadableVideo_Gives1AndTheReason(string name, string? content, string reason)
    {
        Assets.SkipWithoutFfmpeg();
        var video = Path.Combine(assets.Folder(), name);
        if (content is not null) File.WriteAllText(video, content);
        (await Tool.RunAsync("frames", video, "--out", assets.Folder(), "--json")).ExpectError(1, video, reason);
    }

    private async Task<(int Count, int Size)> CountAndSizeAsync(params string[] options)
    {
        var folder = assets.Folder();
        var json = (await Tool.RunAsync(["frames", assets.Paths[0], "--out", folder, "--json", .. options])).Expect(0).Json;
        return (json.GetProperty("frames").GetArrayLength(), ImageFile.Load($"{folder}/0000.png").Width);
    }
}
