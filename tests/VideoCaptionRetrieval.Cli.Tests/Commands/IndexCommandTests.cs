namespace VideoCaptionRetrieval.Cli.Tests.Commands;

[Collection(ToolTests.Name)]
public sealed class IndexCommandTests(Assets assets)
{
    [SkippableFact]
    public async Task Index_ThenSearch_ScoresAndMomentsOfTheFormula()
    {
        var index = await IndexAsync(assets.Videos, "--frames", "4");
        var result = (await Tool.RunAsync("search", index, "a red box", "--json")).Expect(0).Json;
        Assert.Equal(["query", "hits"], result.Keys());
        Assert.Equal("a red box", result.Text("query"));
        var hits = result.GetProperty("hits").EnumerateArray().ToArray();
        Assert.All(hits, hit => Assert.Equal(["video", "score", "time"], hit.Keys()));
        Assert.Equal(assets.Paths, hits.Select(hit => hit.Text("video")).Order(StringComparer.Ordinal));
        Assert.Equal(hits.OrderByDescending(hit => hit.Number("score")), hits);

        var folder = assets.Folder();
        var frames = (await Tool.RunAsync("frames", hits[0].Text("video"), "--clip", assets.Clip, "--count", "4", "--out", folder, "--json")).Expect(0)
            .Json.GetProperty("frames").EnumerateArray().ToArray();
        var images = (await Tool.RunAsync(["embed", "--clip", assets.Clip, "--json", "--image", .. frames.Select(frame => frame.Text("file"))])).Expect(0).Embeddings();
        var query = (await Tool.RunAsync("embed", "--clip", assets.Clip, "--json", "--text", "a red box")).Expect(0).Embeddings()[0];
        Assert.Equal(Formulas.QueryScore(images, query), hits[0].Number("score"), 4);
        Assert.Equal(frames[Enumerable.Range(0, 4).MaxBy(n => Formulas.Cosine(images[n], query))].Number("time"), hits[0].Number("time"));

        var people = (await Tool.RunAsync("search", index, "a red box", "--top", "1")).Expect(0);
        Assert.Matches(@"^1\. \S+\.mp4 @ 00:0\d  -?\d\.\d\d\n$", people.Output);
    }

    [SkippableFact]
    public async Task Index_Update_AddsRemovesAndReplacesOtherSpellings()
    {
        var relative = Path.GetRelativePath(Directory.GetCurrentDirectory(), assets.Videos);
        var index = await IndexAsync($"{relative}/{Assets.Names[0]}", $"{relative}/{Assets.Names[1]}");
        var updated = await Tool.RunAsync("index", $"./{relative}/{Assets.Names[1]}", $"{relative}/{Assets.Names[2]}", "--model", assets.Clip, "--out", index + "/",
            "--remove", $".//{relative}/{Assets.Names[0]}", "--remove", "unknown.mp4", "--json");
        Assert.Equal(["unknown.mp4"], updated.Expect(0).Skipped);
        Assert.Equal((2, 1, 2), (Count(updated, "added"), Count(updated, "removed"), Count(updated, "videos")));
        Assert.Equal(new[] { $"./{relative}/{Assets.Names[1]}", $"{relative}/{Assets.Names[2]}" }.Order(StringComparer.Ordinal), await VideosAsync(index));

        var removed = (await Tool.RunAsync("index", "--model", assets.Clip, "--out", index, "--remove", $"{relative}/{Assets.Names[1]}", "--json")).Expect(0);
        Assert.Equal((0, 1, 1), (Count(removed, "added"), Count(removed, "removed"), Count(removed, "videos")));
        Assert.Equal(["unknown.mp4"], (await Tool.RunAsync("index", "--model", assets.Clip, "--out", index, "--remove", "unknown.mp4", "--json")).Expect(1).Skipped);
    }

    [SkippableFact]
    public async Task Index_VideosThatAreGone_SaidAndKept()
    {
        var videos = assets.CopyOf(assets.Videos);
        var index = Path.Combine(assets.Folder(), "index");
        string[] arguments = ["index", videos, "--model", assets.Clip, "--out", index, "--frames", "1", "--json"];
        Assert.Equal(0, Count((await Tool.RunAsync(arguments)).Expect(0), "missing"));
        File.Delete(Path.Combine(videos, Assets.Names[1]));
        var result = (await Tool.RunAsync(arguments)).Expect(0);
        Assert.Equal((2, 1, 3), (Count(result, "added"), Count(result, "missing"), Count(result, "videos")));
        Assert.Contains($"1 videos are gone and stay in the index, such as '{videos}/{Assets.Names[1]}'", result.Error, StringComparison.Ordinal);
    }

    [SkippableTheory]
    [InlineData("index", "{0}", "--modle", "{1}", "--model", "{1}", "--out", "x")]
    [InlineData("caption", "{0}", "--captioner", "a={1}", "--ouut", "x", "--out", "y")]
    [InlineData("fit", "{0}", "--clip", "{1}", "--captions", "c.jsonl", "--epoch", "1", "--out", "x")]
    [InlineData("evaluate", "--model", "{1}", "--videos", "{0}", "--query", "q.jsonl", "--queries", "q.jsonl")]
    public async Task PathsAndAMisspeltOption_IsBadUsageThatNamesIt(params string[] arguments)
    {
        var wrong = arguments.Single(argument => argument is "--modle" or "--ouut" or "--epoch" or "--query");
        (await Tool.RunAsync([.. arguments.Select(argument => string.Format(null, argument, assets.Videos, assets.Clip))])).ExpectError(2, $"'{wrong}' is no option");
    }

    [SkippableFact]
    public async Task Index_FolderWithALoopAndNamesThatAreNotUtf8_EachVideoOnceAndTheOthersListed()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "names are bytes there");
        var folder = assets.Folder();
        File.Copy(assets.Paths[0], Path.Combine(folder, "ok.mp4"));
        Directory.CreateSymbolicLink(Path.Combine(folder, "back"), "..");
        using (var shell = System.Diagnostics.Process.Start("/bin/sh", ["-c", "cd \"$0\" && cp ok.mp4 \"$(printf '\\377.mp4')\"", folder])) await shell.WaitForExitAsync();
        var result = await Tool.RunAsync("index", folder, "--model", assets.Clip, "--out", Path.Combine(assets.Folder(), "index"), "--frames", "1", "--json");
        using (var shell = System.Diagnostics.Process.Start("/bin/sh", ["-c", "rm -- \"$0\"/*.mp4", folder])) await shell.WaitForExitAsync();
        Assert.Equal([$"{folder}/\uFFFD.mp4"], result.Expect(0).Skipped);
        Assert.Equal((1, 1), (Count(result, "added"), Count(result, "videos")));
    }

    [SkippableFact]
    public async Task Index_OfAnotherModel_Gives1AndStaysAsItIs()
    {
        var index = await IndexAsync(assets.Paths[0]);
        (await Tool.RunAsync("index", assets.Videos, "--model", await assets.ModelAsync(), "--out", index)).ExpectError(1, index, "another model");
        Assert.Equal([assets.Paths[0]], await VideosAsync(index));
    }

    [SkippableFact]
    public async Task Index_SavedModel_SearchesAfterTheModelIsGone()
    {
        var model = Path.Combine(assets.Folder(), "model.zip");
        File.Copy(await assets.ModelAsync(), model);
        var index = Path.Combine(assets.Folder(), "index");
        (await Tool.RunAsync("index", assets.Videos, "--model", model, "--out", index)).Expect(0);
        File.Delete(model);
        Assert.Equal(assets.Paths, await VideosAsync(index));
    }

    [SkippableFact]
    public async Task Index_UnreadableVideos_SkippedOrNothingDone()
    {
        var index = Path.Combine(assets.Folder(), "index");
        Assert.Equal(["nothing.mp4"], (await Tool.RunAsync("index", "nothing.mp4", "--model", assets.Clip, "--out", index, "--json")).Expect(1).Skipped);
        Assert.False(Directory.Exists(index));
        (await Tool.RunAsync("index", "nothing.mp4", assets.Paths[0], "--model", assets.Clip, "--out", index, "--strict", "--json")).Expect(1);
        Assert.Equal([assets.Paths[0]], await VideosAsync(index));
    }

    [SkippableFact]
    public async Task Index_AfterARunThatWasEnded_GoesOnWhereItStopped()
    {
        var index = await IndexAsync(assets.Paths[0], assets.Paths[1]);
        File.WriteAllText(index + ".unfinished", $$"""{"Frames":10,"Before":["{{assets.Paths[0]}}"]}""");
        var result = (await Tool.RunAsync("index", assets.Videos, "--model", assets.Clip, "--out", index, "--json")).Expect(0);
        Assert.Contains("1 videos are in the index since an earlier run was ended", result.Error, StringComparison.Ordinal);
        Assert.Equal((3, 3), (Count(result, "added"), Count(result, "videos")));
        Assert.False(File.Exists(index + ".unfinished"));
    }

    [SkippableFact]
    public async Task Index_UpdateOfAnIndexWithAnotherCount_TakesTheIndexsAndRefusesAnother()
    {
        var index = await IndexAsync(assets.Paths[0], "--frames", "4");
        (await Tool.RunAsync("index", assets.Paths[1], "--model", assets.Clip, "--out", index, "--frames", "5")).ExpectError(1, "--frames", "holds 4 frames", "found 5");
        (await Tool.RunAsync("index", assets.Paths[1], "--model", assets.Clip, "--out", index)).Expect(0);
        Assert.Equal(assets.Paths.Take(2), await VideosAsync(index));
        Assert.Contains("\"frameCount\": 4", File.ReadAllText(Path.Combine(index, "index.json")), StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task Index_SubClips_AreVideosOfTheirOwn()
    {
        var list = assets.Lines("list.jsonl", $$"""{"video":"{{assets.Paths[0]}}","start":0.10,"end":2}""", $$"""{"video":"{{assets.Paths[0]}}","start":2,"end":4}""");
        var index = await IndexAsync(list);
        Assert.Equal([$"{assets.Paths[0]}#0.10-2", $"{assets.Paths[0]}#2-4"], await VideosAsync(index));
    }

    private static int Count(ToolResult result, string name) => result.Json.GetProperty(name).GetInt32();

    private async Task<string> IndexAsync(params string[] arguments)
    {
        Assets.SkipWithoutFfmpeg();
        var index = Path.Combine(assets.Folder(), "index");
        Assert.Empty((await Tool.RunAsync(["index", .. arguments, "--model", assets.Clip, "--out", index, "--json"])).Expect(0).Skipped);
        return index;
    }

    private static async Task<string[]> VideosAsync(string index) =>
        [.. (await Tool.RunAsync("search", index, "x", "--json")).Expect(0).Json.GetProperty("hits").EnumerateArray()
            .Select(hit => hit.Text("video")).Order(StringComparer.Ordinal)];
}
