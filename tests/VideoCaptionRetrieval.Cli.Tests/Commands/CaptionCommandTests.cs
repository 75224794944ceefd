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
}
