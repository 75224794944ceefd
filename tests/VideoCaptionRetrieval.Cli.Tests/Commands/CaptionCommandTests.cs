namespace VideoCaptionRetrieval.Cli.Tests.Commands;

[Collection(ToolTests.Name)]
public sealed class CaptionCommandTests(Assets assets)
{
    [SkippableFact]
    public async Task Caption_FolderWithTwoCaptioners_LinesCaptionerByCaptioner()
    {
        var file = Path.Combine(assets.Folder(), "new", "captions.jsonl");
        var result = await Tool.RunAsync("caption", assets.Videos + "//", "--captioner", $"a={assets.Blip}", $"b={assets.Blip}", "--count", "2",
            "--beams", "1", "--out", file, "--json");
        Assert.Empty(result.Expect(0).Skipped);
        var lines = LineReading.ReadLines(file);
        Assert.All(lines, line => Assert.Equal(["video", "captioner", "frame", "time", "caption"], line.Keys()));
        var expected = assets.Paths.SelectMany(path => new[] { (path, "a", 0), (path, "a", 1), (path, "b", 0), (path, "b", 1) });
        Assert.Equal(expected, lines.Select(line => (line.Text("video"), line.Text("captioner"), line.GetProperty("frame").GetInt32())));
        Assert.Equal([1, 3, 1, 3], lines.Take(4).Select(line => line.Number("time")));
        Assert.All(lines, line => Assert.NotEmpty(line.Text("caption")));
        Assert.Equal([Path.GetFileName(file)], Directory.GetFileSystemEntries(Path.GetDirectoryName(file)!).Select(Path.GetFileName));
    }

    [SkippableFact]
    public async Task Caption_ListOfSubClips_NumbersAsWritten()
    {
        var video = assets.Paths[0];
        var list = assets.Lines("list.jsonl", $$"""{"video":"{{video}}","start":0.50,"end":1e0}""", $$"""{"video":"{{video}}","end":2.0}""", "");
        var file = Path.Combine(assets.Folder(), "captions.jsonl");
        (await Tool.RunAsync("caption", list, "--captioner", $"a={assets.Blip}", "--count", "1", "--out", file)).Expect(0);
        var written = File.ReadAllLines(file);
        Assert.StartsWith($$"""{"video":"{{video}}","start":0.50,"end":1e0,"captioner":"a","frame":0,"time":0.72,""", written[0], StringComparison.Ordinal);
        Assert.StartsWith($$"""{"video":"{{video}}","end":2.0,"captioner":"a","frame":0,"time":1,""", written[1], StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task Caption_UnreadableVideos_SkippedWithReasonsAndStrictGives1()
    {
        var damaged = assets.Lines("damaged.mp4", "no video at all");
        var file = Path.Combine(assets.Folder(), "captions.jsonl");
        string[] arguments = ["caption", "nothing.mp4", assets.Paths[0], damaged, "--captioner", $"a={assets.Blip}", "--count", "1", "--out", file, "--json"];
        var result = (await Tool.RunAsync(arguments)).Expect(0);
        Assert.Equal(["nothing.mp4", damaged], result.Skipped);
        Assert.All(result.Json.GetProperty("skipped").EnumerateArray(), skipped => Assert.Equal(["video", "reason"], skipped.Keys()));
        Assert.Contains("skipped nothing.mp4: the file does not exist", result.Error, StringComparison.Ordinal);
        Assert.Contains($"skipped {damaged}: ", result.Error, StringComparison.Ordinal);
        Assert.Single(File.ReadAllLines(file));

        var strict = (await Tool.RunAsync([.. arguments, "--strict"])).Expect(1);
        Assert.Equal(["nothing.mp4", damaged], strict.Skipped);
    }

    [SkippableFact]
    public async Task Caption_NothingReadable_Gives1AndNoFile()
    {
        Assets.SkipWithoutFfmpeg();
        var file = Path.Combine(assets.Folder(), "captions.jsonl");
        var result = (await Tool.RunAsync("caption", "nothing.mp4", "--captioner", $"a={assets.Blip}", "--out", file, "--json")).Expect(1);
        Assert.Equal(["nothing.mp4"], result.Skipped);
        Assert.Empty(Directory.GetFileSystemEntries(Path.GetDirectoryName(file)!));
    }

    [SkippableFact]
    public async Task Caption_PathAfterCaptionersAndSameVideoTwice_EachVideoOnce()
    {
        var folder = Path.GetRelativePath(Directory.GetCurrentDirectory(), assets.Videos);
        var file = Path.Combine(assets.Folder(), "captions.jsonl");
        var twice = new[] { $"{folder}/{Assets.Names[0]}", $"./{folder}//{Assets.Names[0]}" };
        (await Tool.RunAsync(["caption", "--captioner", $"a={assets.Blip}", .. twice, "--count", "1", "--prompt", "a red", "--max-length", "8", "--out", file])).Expect(0);
        var line = Assert.Single(LineReading.ReadLines(file));
        Assert.Equal(twice[0], line.Text("video"));
        Assert.False(line.Text("caption").StartsWith("a red", StringComparison.Ordinal));
    }

    [SkippableFact]
    public async Task Caption_ChatModelByAddress_AsksAboutEveryFrame()
    {
        using var server = new ChatServer(failures: 1);
        var file = Path.Combine(assets.Folder(), "captions.jsonl");
        (await Tool.RunAsync("caption", assets.Paths[0], "--captioner", $"seer={server.Address}", "--chat-model", "seer-1", "--chat-prompt", "What is it?",
            "--chat-parallel", "2", "--count", "3", "--out", file)).Expect(0);
        var lines = LineReading.ReadLines(file);
        Assert.Equal(["seer", "seer", "seer"], lines.Select(line => line.Text("captioner")));
        Assert.All(lines, line => Assert.Matches("^a picture of [0-9]+ letters$", line.Text("caption")));
        Assert.Equal(4, server.Questions.Count);                // one was asked again
        Assert.All(server.Questions, question => Assert.Equal("seer-1", question.Text("model")));
        Assert.All(server.Questions, question => Assert.Contains("What is it?", question.GetRawText(), StringComparison.Ordinal));
    }

    [SkippableFact]
    public async Task Caption_ChatModelRefuses_OneQuestionAndItsAnswerIsTold()
    {
        using var server = new ChatServer(failures: 100, status: 401);
        var result = (await Tool.RunAsync("caption", assets.Paths[0], "--captioner", $"seer={server.Address}", "--chat-model", "m", "--count", "1",
            "--out", Path.Combine(assets.Folder(), "captions.jsonl"))).Expect(1);
        Assert.Single(server.Questions);
        Assert.Contains("401", result.Error, StringComparison.Ordinal);
        Assert.Contains("seer", result.Error, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task Caption_StoreShardsAndMerge_SameCaptionsAsOneRun()
    {
        var folder = assets.Folder();
        string[] common = ["caption", assets.Videos, "--captioner", $"a={assets.Blip}", "--count", "2", "--beams", "1"];
        var whole = Path.Combine(folder, "whole.jsonl");
        (await Tool.RunAsync([.. common, "--out", whole])).Expect(0);
        for (var shard = 1; shard <= 2; shard++) (await Tool.RunAsync([.. common, "--store", Path.Combine(folder, $"store{shard}"), "--shard", $"{shard}/2"])).Expect(0);

        var merged = Path.Combine(folder, "merged");
        var result = (await Tool.RunAsync("captions", "merge", Path.Combine(folder, "store1"), Path.Combine(folder, "store2"), "--out", merged, "--json")).Expect(0);
        Assert.Equal((6, 0, 0), (result.Json.GetProperty("added").GetInt32(), result.Json.GetProperty("known").GetInt32(), result.Json.GetProperty("conflicts").GetInt32()));
        string Key(System.Text.Json.JsonElement line) => Invariant($"{line.Text("video")} {line.Text("captioner")} {line.Number("frame")} {line.Number("time")} {line.Text("caption")}");
        Assert.Equal(LineReading.ReadLines(whole).Select(Key).Order(), LineReading.ReadLines(Path.Combine(merged, "captions.jsonl")).Select(Key).Order());

        // Another run over the same videos takes everything from the store.
        var again = Path.Combine(folder, "again.jsonl");
        var lengthBefore = new FileInfo(Path.Combine(merged, "captions.jsonl")).Length;
        (await Tool.RunAsync([.. common, "--store", merged, "--out", again])).Expect(0);
        Assert.Equal(File.ReadAllText(whole), File.ReadAllText(again));
        Assert.Equal(lengthBefore, new FileInfo(Path.Combine(merged, "captions.jsonl")).Length);
    }

    [Theory]
    [InlineData("3/2")]
    [InlineData("0/2")]
    [InlineData("one")]
    public async Task Caption_ShardOfAnotherForm_Gives2(string shard)
    {
        var result = (await Tool.RunAsync("caption", "clips", "--captioner", "a=b", "--store", "s", "--shard", shard)).Expect(2);
        Assert.Contains($"--shard: found '{shard}'", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Caption_NoPlaceForCaptions_Gives2() =>
        Assert.Contains("--out FILE, --store STORE", (await Tool.RunAsync("caption", "clips", "--captioner", "a=b")).Expect(2).Error, StringComparison.Ordinal);

    [Fact]
    public async Task Caption_OptionsThatDoNotFitTheCaptioners_Gives2()
    {
        async Task Says(string part, params string[] more) => Assert.Contains(part,
            (await Tool.RunAsync(["caption", "clips", "--captioner", $"a={assets.Blip}", "--out", "captions.jsonl", .. more])).Expect(2).Error, StringComparison.Ordinal);
        await Says("'b' is no captioner", "--captioner-clip", "b=clip");
        await Says("expected NAME=DIR", "--captioner-clip", "clip");
        await Says("--top-p", "--top-p", "0.9", "--beams", "3");
        await Says("--top-p", "--top-p", "1.5");
        await Says("--chat-model", "--captioner", "c=http://localhost:1/v1");
    }

    [SkippableFact]
    public async Task Caption_NucleusSampling_BySeed()
    {
        async Task<string> Captions(string seed)
        {
            var file = Path.Combine(assets.Folder(), "captions.jsonl");
            (await Tool.RunAsync("caption", assets.Videos, "--captioner", $"a={assets.Blip}", "--count", "3", "--top-p", "0.9", "--caption-seed", seed, "--out", file)).Expect(0);
            return File.ReadAllText(file);
        }
        var first = await Captions("4");
        Assert.Equal(first, await Captions("4"));
        Assert.NotEqual(first, await Captions("5"));
    }
}
