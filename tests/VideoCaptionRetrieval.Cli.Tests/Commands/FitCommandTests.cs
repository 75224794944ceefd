using System.IO.Compression;
using System.Text.Json;

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
    public async Task Fit_NoBetterThanGuessing_IsAWarningWithoutVerbose()
    {
        var captions = assets.Lines("captions.jsonl", [.. assets.Paths.Select(path => Assets.Line(path, "the same"))]);
        var result = (await Tool.RunAsync("fit", assets.Videos, "--clip", assets.Clip, "--captions", captions, "--frames", "1", "--epochs", "1",
            "--learning-rate", "1000", "--out", Path.Combine(assets.Folder(), "model.zip"))).Expect(0);
        Assert.Contains("Warning: The loss of the last epoch", result.Error, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task Fit_BlipWithCaptionersAndNoScoreClip_IsBadUsageBeforeAnyWork()
    {
        var model = Path.Combine(assets.Folder(), "model.zip");
        (await Tool.RunAsync("fit", assets.Videos, "--clip", assets.BlipRetrieval, "--captioner", $"a={assets.Blip}", "--frames", "2", "--epochs", "1",
            "--out", model)).ExpectError(2, "--score-clip", assets.BlipRetrieval, "BLIP for retrieval");
        Assert.Empty(Directory.GetFileSystemEntries(Path.GetDirectoryName(model)!));
    }

    [SkippableFact]
    public async Task Fit_BlipWithCaptionersAndScoreClip_TrainsToTheEnd()
    {
        var model = Path.Combine(assets.Folder(), "model.zip");
        (await Tool.RunAsync("fit", assets.Videos, "--clip", assets.BlipRetrieval, "--score-clip", assets.Clip, "--captioner", $"a={assets.Blip}",
            "--frames", "2", "--epochs", "1", "--beams", "1", "--out", model)).Expect(0);
        Assert.Equal([model], Directory.GetFileSystemEntries(Path.GetDirectoryName(model)!));
        Assert.NotEmpty((await Tool.RunAsync("embed", "--clip", model, "--text", "a dog", "--json")).Expect(0).Embeddings()[0]);
    }

    [SkippableFact]
    public async Task Fit_ScoreClipThatIsNoClip_IsAnErrorBeforeAnyWork()
    {
        var model = Path.Combine(assets.Folder(), "model.zip");
        (await Tool.RunAsync("fit", assets.Videos, "--clip", assets.Clip, "--score-clip", assets.BlipRetrieval, "--captioner", $"a={assets.Blip}",
            "--out", model)).ExpectError(1, assets.BlipRetrieval, "BLIP for retrieval", "expected a CLIP");
        Assert.Empty(Directory.GetFileSystemEntries(Path.GetDirectoryName(model)!));
    }

    [SkippableFact]
    public async Task Fit_ScoreClipWithCaptionsOfAFile_SaysThatItHasNoEffect()
    {
        var captions = assets.Lines("captions.jsonl", [.. assets.Paths.Select(path => Assets.Line(path, "a caption"))]);
        var result = await Tool.RunAsync("fit", assets.Videos, "--clip", assets.Clip, "--score-clip", assets.Clip, "--captions", captions,
            "--frames", "2", "--epochs", "1", "--out", Path.Combine(assets.Folder(), "model.zip"));
        Assert.Contains("--score-clip has no effect", result.Expect(0).Error, StringComparison.Ordinal);
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
    public async Task Fit_WeightOfAPath_DrawsItsVideosMoreOften()
    {
        var captions = assets.Lines("captions.jsonl", [.. assets.Paths.SelectMany((path, i) => Enumerable.Range(0, i + 1).Select(l => Assets.Line(path, $"clip {i}, said {l}")))]);
        async Task<float[]> EmbeddingAfter(params string[] weights)
        {
            var model = Path.Combine(assets.Folder(), "model.zip");
            (await Tool.RunAsync(["fit", .. assets.Paths, "--clip", assets.Clip, "--captions", captions, "--frames", "2", "--epochs", "2", "--batch-size", "2",
                "--learning-rate", "1e-3", "--out", model, .. weights])).Expect(0);
            return (await Tool.RunAsync("embed", "--clip", model, "--text", "a dog", "--json")).Expect(0).Embeddings()[0];
        }
        string[] weights = ["--weight", $"{assets.Paths[0]}=5", "--weight", $"{assets.Paths[1]}=0"];
        var weighted = await EmbeddingAfter(weights);
        Assert.Equal(weighted, await EmbeddingAfter(weights));
        Assert.NotEqual(weighted, await EmbeddingAfter());
    }

    [SkippableTheory]
    [InlineData("elsewhere=2", "'elsewhere' is none of the paths")]
    [InlineData("VIDEOS=-1", "a number N of at least 0")]
    [InlineData("VIDEOS=often", "a number N of at least 0")]
    [InlineData("=2", "expected PATH=N")]
    [InlineData("2", "expected PATH=N")]
    public async Task Fit_WeightThatCannotBe_IsBadUsage(string weight, string expected)
    {
        var captions = assets.Lines("captions.jsonl", [.. assets.Paths.Select(path => Assets.Line(path, "a"))]);
        (await Tool.RunAsync("fit", assets.Videos, "--clip", assets.Clip, "--captions", captions, "--weight", weight.Replace("VIDEOS", assets.Videos),
            "--out", Path.Combine(assets.Folder(), "model.zip"))).ExpectError(2, "--weight", expected);
    }

    [SkippableFact]
    public async Task Fit_PseudoLabelsThenCaptionsByPeople_GoesOnWithAnyNumberOfThem()
    {
        var folder = assets.Folder();
        string[] Out(string name) => ["--frames", "2", "--epochs", "1", "--learning-rate", "1e-3", "--out", Path.Combine(folder, name)];
        var pseudo = assets.Lines("pseudo.jsonl", [.. assets.Paths.Select(path => Assets.Line(path, "a caption"))]);
        var truth = assets.Lines("truth.jsonl", [.. assets.Paths.SelectMany((path, i) => Enumerable.Range(0, (7 * i) + 1).Select(l => Assets.Line(path, $"clip {i}, {l}")))]);
        (await Tool.RunAsync(["fit", assets.Videos, "--clip", assets.Clip, "--captions", pseudo, .. Out("first.zip")])).Expect(0);
        (await Tool.RunAsync(["fit", assets.Videos, "--clip", Path.Combine(folder, "first.zip"), "--captions", truth, .. Out("tuned.zip")])).Expect(0);
        (await Tool.RunAsync(["fit", assets.Videos, "--clip", assets.Clip, "--captions", truth, .. Out("truth-alone.zip")])).Expect(0);
        async Task<float[]> Embedding(string name) =>
            (await Tool.RunAsync("embed", "--clip", Path.Combine(folder, name), "--text", "a dog", "--json")).Expect(0).Embeddings()[0];
        var tuned = await Embedding("tuned.zip");
        Assert.NotEqual(tuned, await Embedding("first.zip"));
        Assert.NotEqual(tuned, await Embedding("truth-alone.zip"));
    }

    [SkippableFact]
    public async Task Fit_ValidationQueries_HoldOutTheirVideosAndSayWhatWasCounted()
    {
        var captions = assets.Lines("captions.jsonl", [.. assets.Paths.Take(2).Select((path, i) => Assets.Line(path, $"clip {i}"))]);
        var queries = assets.Lines("queries.jsonl", Assets.Line(assets.Paths[2], "what falls", "text"), Assets.Line(assets.Paths[2], " ", "text"));
        string[] arguments = ["fit", assets.Videos, "--clip", assets.Clip, "--captions", captions, "--validation-queries", queries, "--frames", "2", "--epochs", "2"];
        var json = (await Tool.RunAsync([.. arguments, "--false-negatives", "same-file-and-caption", "--out", Path.Combine(assets.Folder(), "model.zip"), "--json"]))
            .Expect(0).Json;
        Assert.Equal(["model", "videos", "heldOut", "steps", "epochs", "skipped", "textToVideoR1"], json.Keys());
        Assert.Equal((2, 1, 2), (json.Number("videos"), json.Number("heldOut"), json.Number("steps")));
        Assert.Equal("given", json.GetProperty("textToVideoR1").Text("queries"));
        Assert.Equal(0, json.GetProperty("skipped").GetArrayLength());
        (await Tool.RunAsync([.. arguments, "--false-negatives", "all", "--out", Path.Combine(assets.Folder(), "model.zip")])).ExpectError(2, "same-file-and-caption");
        (await Tool.RunAsync([.. arguments[..^6], "--validation-queries", "none.jsonl", "--out", Path.Combine(assets.Folder(), "model.zip")]))
            .ExpectError(1, "'none.jsonl' does not exist");
    }

    [SkippableFact]
    public async Task Fit_WeightOfZero_IsNotCounted()
    {
        var captions = assets.Lines("captions.jsonl", [.. assets.Paths.Select((path, i) => Assets.Line(path, $"clip {i}"))]);
        var json = (await Tool.RunAsync(["fit", .. assets.Paths, "--clip", assets.Clip, "--captions", captions, "--weight", $"{assets.Paths[1]}=0", "--frames", "2",
            "--epochs", "3", "--out", Path.Combine(assets.Folder(), "model.zip"), "--json"])).Expect(0).Json;
        Assert.Equal((2, 0), (json.Number("videos"), json.Number("heldOut")));
        Assert.Equal(JsonValueKind.Null, json.GetProperty("textToVideoR1").GetProperty("queries").ValueKind);
    }

    [SkippableFact]
    public async Task Fit_ValidationAndLog_SaysFrozenAndTunedAndWritesCurves()
    {
        var folder = assets.Folder();
        var captions = assets.Lines("captions.jsonl", [.. assets.Paths.Select((path, i) => Assets.Line(path, $"clip {i}"))]);
        var model = Path.Combine(folder, "model.zip");
        var result = (await Tool.RunAsync("fit", assets.Videos, "--clip", assets.Clip, "--captions", captions, "--frames", "2", "--epochs", "2", "--validation", "0.3",
            "--early-stopping", "5", "--log", Path.Combine(folder, "log"), "--out", model)).Expect(0);
        Assert.Matches($"trained on 2 videos\n1 held-out videos, text-to-video R@1: [0-9.]+ frozen, [0-9.]+ tuned; 1 queries, captions of '{captions}'", result.Output);
        Assert.Equal(["curves.svg", "training.csv", "validation.csv"],
            Directory.GetFiles(Path.Combine(folder, "log")).Select(Path.GetFileName).Where(name => !name!.StartsWith("events", StringComparison.Ordinal)).Order());
        Assert.Equal(["log", "model.zip"], Directory.GetFileSystemEntries(folder).Select(Path.GetFileName).Order());
    }
}
