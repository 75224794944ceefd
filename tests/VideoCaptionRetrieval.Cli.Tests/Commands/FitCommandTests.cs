using System.IO.Compression;

namespace VideoCaptionRetrieval.Cli.Tests.Commands;

[Collection(ToolTests.Name)]
public sealed class FitCommandTests(Assets assets)
{
    [SkippableFact]
    public async Task Fit_OnCaptioners_SavesOneFileAndLeavesNoStore()
    {
        var model = Path.Combine(assets.Folder(), "model.zip");
        var result = await Tool.RunAsync("fit", assets.Videos, "nothing.mp4", "--clip", assets.Clip, "--captioner", $"a={assets.Blip}",
            "--frames", "2", "--epochs", "2", "--beams", "1", "--out", model, "--json");
        Assert.Equal(["nothing.mp4"], result.Expect(0).Skipped);
        Assert.Equal(3, result.Json.GetProperty("videos").GetInt32());
        Assert.Equal([model], Directory.GetFileSystemEntries(Path.GetDirectoryName(model)!));
        using var archive = ZipFile.OpenRead(model);
        Assert.Contains(archive.Entries, entry => entry.FullName.StartsWith("TransformerChain", StringComparison.Ordinal));
        Assert.DoesNotContain(archive.Entries, entry => entry.FullName.Contains("blip", StringComparison.OrdinalIgnoreCase));
    }

    [SkippableFact]
    public async Task Fit_TwiceWithOneSeed_SameModelAndOtherSeedAnotherOne()
    {
        string[] videos = [assets.Paths[0], assets.Paths[2]];
        var captions = assets.Lines("captions.jsonl", [.. videos.Select(path => Assets.Line(path, "a caption"))]);
        async Task<float[]> EmbeddingAfter(string seed)
        {
            var model = Path.Combine(assets.Folder(), "any-name.bin");
            (await Tool.RunAsync(["fit", .. videos, "--clip", assets.Clip, "--captions", captions, "--frames", "2", "--epochs", "1",
                "--learning-rate", "1e-3", "--seed", seed, "--out", model])).Expect(0);
            return (await Tool.RunAsync("embed", "--clip", model, "--text", "a dog", "--json")).Expect(0).Embeddings()[0];
        }
        var first = await EmbeddingAfter("7");
        Assert.Equal(first, await EmbeddingAfter("7"));
        Assert.NotEqual(first, await EmbeddingAfter("8"));
    }

    [SkippableFact]
    public async Task Fit_SavedModelAndVideosWithoutCaption_ContinuesAndListsThem()
    {
        var model = Path.Combine(assets.Folder(), "model.zip");
        var captions = assets.Lines("captions.jsonl", Assets.Line(assets.Paths[0], "a"), Assets.Line($"./{assets.Paths[2]}".Replace("./", "/./"), "b"));
        var result = await Tool.RunAsync("fit", assets.Videos, "--clip", await assets.ModelAsync(), "--captions", captions, "--epochs", "1", "--out", model, "--json");
        Assert.Equal([assets.Paths[1]], result.Expect(0).Skipped);
        var folder = assets.Folder();
        (await Tool.RunAsync("frames", assets.Paths[0], "--clip", model, "--out", folder)).Expect(0);
        Assert.Equal(4, Directory.GetFiles(folder).Length);     // the count of the model that was continued
    }

    [SkippableFact]
    public async Task Fit_CaptionsOfAVideoThatIsNotGiven_NamesFileLineAndVideo()
    {
        var captions = assets.Lines("captions.jsonl", [.. assets.Paths.Select(path => Assets.Line(path, "a")), Assets.Line("elsewhere.mp4", "b")]);
        (await Tool.RunAsync("fit", assets.Videos, "--clip", assets.Clip, "--captions", captions, "--out", Path.Combine(assets.Folder(), "model.zip")))
            .ExpectError(1, $"'{captions}', line 4", "'elsewhere.mp4'", assets.Paths[0]);
    }

    [SkippableFact]
    public async Task Fit_FewerThanTwoVideos_SaysSoWithReasons()
    {
        var model = Path.Combine(assets.Folder(), "model.zip");
        (await Tool.RunAsync("fit", assets.Paths[0], "--clip", assets.Clip, "--captioner", $"a={assets.Blip}", "--out", model)).ExpectError(1, "at least 2", "name 1");
        var one = assets.Lines("captions.jsonl", Assets.Line(assets.Paths[0], "a"), Assets.Line(assets.Paths[1], " "));
        (await Tool.RunAsync("fit", assets.Videos, "--clip", assets.Clip, "--captions", one, "--out", model)).ExpectError(1, "at least 2", $"'{one}' has captions of 1");
        (await Tool.RunAsync("fit", assets.Paths[0], "nothing.mp4", "--clip", assets.Clip, "--captioner", $"a={assets.Blip}", "--frames", "1", "--out", model))
            .ExpectError(1, "at least 2", "'nothing.mp4' is left out: the file does not exist");
        Assert.False(File.Exists(model));
    }

    [SkippableFact]
    public async Task Fit_OutputThatCannotBeWritten_IsAnErrorBeforeAnyWork()
    {
        var folder = assets.Folder();
        (await Tool.RunAsync("fit", assets.Videos, "--clip", assets.Clip, "--captioner", $"a={assets.Blip}", "--out", folder)).ExpectError(1, folder, "is a folder");
        var file = assets.Lines("file", "");
        (await Tool.RunAsync("fit", assets.Videos, "--clip", assets.Clip, "--captioner", $"a={assets.Blip}", "--out", $"{file}/model.zip")).ExpectError(1, file, "cannot be written");
    }

    [SkippableFact]
    public async Task Fit_ValidationAndLog_SaysFrozenAndTunedAndWritesCurves()
    {
        var folder = assets.Folder();
        var captions = assets.Lines("captions.jsonl", [.. assets.Paths.Select((path, i) => Assets.Line(path, $"clip {i}"))]);
        var model = Path.Combine(folder, "model.zip");
        var result = (await Tool.RunAsync("fit", assets.Videos, "--clip", assets.Clip, "--captions", captions, "--frames", "2", "--epochs", "2", "--validation", "0.3",
            "--early-stopping", "5", "--log", Path.Combine(folder, "log"), "--out", model)).Expect(0);
        Assert.Matches("R@1: [0-9.]+ frozen, [0-9.]+ tuned", result.Output);
        Assert.Equal(["curves.svg", "training.csv", "validation.csv"],
            Directory.GetFiles(Path.Combine(folder, "log")).Select(Path.GetFileName).Where(name => !name!.StartsWith("events", StringComparison.Ordinal)).Order());
        Assert.Equal(["log", "model.zip"], Directory.GetFileSystemEntries(folder).Select(Path.GetFileName).Order());
    }
}
