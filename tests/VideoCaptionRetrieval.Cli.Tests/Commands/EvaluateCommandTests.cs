using System.Text.Json;

namespace VideoCaptionRetrieval.Cli.Tests.Commands;

[Collection(ToolTests.Name)]
public sealed class EvaluateCommandTests(Assets assets)
{
    private static readonly string[] Metrics = ["r1", "r5", "r10", "r50", "medianRank", "meanRank", "mrr", "queries", "expectedR1", "expectedR5", "expectedR10", "expectedR50"];

    /// <summary>The videos that queries are about; −1 = skipped or unknown.</summary>
    private static readonly int[] Owners = [0, 1, 2, -1, -1, 0];

    private static readonly string[] Texts = ["red", "a test pattern", "yellow", "of a skipped video", "of an unknown video", "red again"];

    [SkippableFact]
    public async Task Evaluate_QueriesOfSkippedAndUnknownVideos_DistractVideoToTextOnly()
    {
        var relative = Path.GetRelativePath(Directory.GetCurrentDirectory(), assets.Videos);
        var names = Assets.Names.Select(name => $"./{relative}//{name}").Concat(["nothing.mp4", "unknown.mp4"]).ToArray();
        var queries = assets.Lines("queries.jsonl", [.. Texts.Select((text, i) => Assets.Line(names[i % names.Length], text, "text"))]);
        var (frames, texts) = await EmbeddingsAsync();
        foreach (var (pooling, temperature) in new[] { ("query-scoring", 0.1), ("mean", 1e9) })
        {
            var result = await Tool.RunAsync("evaluate", "--model", assets.Clip, "--videos", relative, "nothing.mp4", "--queries", queries,
                "--frames", "2", "--pooling", pooling, "--json");
            var json = result.Expect(0).Json;
            Assert.Equal(["textToVideo", "videoToText", "queriesWithoutVideo", "skipped"], json.Keys());
            Assert.Equal(["nothing.mp4"], result.Skipped);
            Assert.Equal(2, json.GetProperty("queriesWithoutVideo").GetInt32());
            var scores = texts.Select(text => frames.Select(video => Formulas.QueryScore(video, text, temperature)).ToArray()).ToArray();
            AssertRanks(json.GetProperty("textToVideo"), [.. Enumerable.Range(0, Texts.Length).Where(query => Owners[query] >= 0).Select(query => TextToVideo(scores, query))]);
            AssertRanks(json.GetProperty("videoToText"), [.. Enumerable.Range(0, frames.Count).Select(video => VideoToText(scores, video))]);
        }
    }

    [SkippableTheory]
    [InlineData("{0}/test-pattern.mp4", "videos\\\\test-pattern.mp4")]               // a Windows path of another machine
    [InlineData("{0}/test-pattern.mp4", "test-pattern")]                            // an id without folder and extension
    [InlineData("{0}/test-pattern.mp4", "elsewhere/Test-Pattern.MP4")]
    [InlineData("{0}/caf\u00e9 \u30ac.mp4", "cafe\u0301 \u30ab\u3099.mp4")]              // letters and accents apart
    [InlineData("{0}/cafe\u0301.mp4", "caf\u00e9")]
    [InlineData(null, "unknown.mp4")]
    public async Task Evaluate_NamesThatAreNoVideos_SaidWithTheLikelyOneBeforeAnythingIsEmbedded(string? video, string named)
    {
        var folder = assets.CopyOf(assets.Videos);
        if (video is not null) File.Copy(assets.Paths[0], string.Format(null, video, folder), overwrite: true);
        var queries = assets.Lines("queries.jsonl", Assets.Line(named, "red", "text"), Assets.Line(named, "blue", "text"));
        // The model is not even opened.
        var result = await Tool.RunAsync("evaluate", "--model", "no-such-model", "--videos", folder, "--queries", queries, "--json");
        result.ExpectError(1, queries, "2 of 2 queries", $"'{named.Replace("\\\\", "\\", StringComparison.Ordinal)}'", $"'{folder}/");
        Assert.Equal(video is not null, result.Error.Contains($"may mean '{string.Format(null, video ?? "", folder)}'", StringComparison.Ordinal));

        var some = assets.Lines("some.jsonl", Assets.Line(named, "red", "text"), Assets.Line($"{folder}/{Assets.Names[0]}", "blue", "text"));
        var evaluated = (await Tool.RunAsync("evaluate", "--model", assets.Clip, "--videos", folder, "--queries", some, "--frames", "1")).Expect(0);
        Assert.Contains("1 of 2 queries", evaluated.Error, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task Evaluate_NoQueryOfAVideoThatWasRead_Gives1WithoutNaN()
    {
        var queries = assets.Lines("queries.jsonl", Assets.Line("nothing.mp4", "red", "text"));
        string[] arguments = ["evaluate", "--model", assets.Clip, "--videos", assets.Paths[0], "nothing.mp4", "--queries", queries, "--frames", "1", "--v2t", "captions"];
        var result = (await Tool.RunAsync([.. arguments, "--json"])).Expect(1);
        foreach (var direction in new[] { "textToVideo", "videoToText" })
        {
            var metrics = result.Json.GetProperty(direction);
            Assert.Equal(Metrics, metrics.Keys());
            Assert.All(Metrics.Where(name => name != "queries"), name => Assert.Equal(JsonValueKind.Null, metrics.GetProperty(name).ValueKind));
            Assert.Equal(0, metrics.GetProperty("queries").GetInt32());
        }
        Assert.DoesNotContain("NaN", (await Tool.RunAsync(arguments)).Expect(1).Output, StringComparison.Ordinal);
    }

    [SkippableTheory]
    [InlineData("{\"video\":\"a.mp4\",\"text\":\"x\"", "line 2: expected one JSON object")]
    [InlineData("[1]", "line 2: expected one JSON object")]
    [InlineData("{\"video\":\"a.mp4\"}", "line 2: \"text\"")]
    [InlineData("{\"video\":7,\"text\":\"x\"}", "line 2: \"video\"")]
    [InlineData("{\"video\":\"a.mp4\",\"start\":\"1\",\"text\":\"x\"}", "line 2: \"start\"")]
    [InlineData("{\"video\":\"a.mp4\",\"start\":2,\"end\":1,\"text\":\"x\"}", "line 2: \"end\"")]
    public async Task Evaluate_BrokenLine_NamesFileAndLine(string line, string said)
    {
        var queries = assets.Lines("queries.jsonl", Assets.Line("a.mp4", "x", "text"), line);
        (await Tool.RunAsync("evaluate", "--model", assets.Clip, "--videos", assets.Videos, "--queries", queries, "--json")).ExpectError(1, $"'{queries}', {said}");
    }

    [SkippableFact]
    public async Task Evaluate_CopyOfAVideoAndBlankQueries_ExpectedRecallIsHalfAndTheBlankAreCounted()
    {
        var copy = Path.Combine(assets.Folder(), "copy.mp4");
        File.Copy(assets.Paths[0], copy);
        var queries = assets.Lines("queries.jsonl", Assets.Line(assets.Paths[0], "red", "text"), Assets.Line(copy, "red", "text"), Assets.Line(copy, " ", "text"));
        string[] arguments = ["evaluate", "--model", assets.Clip, "--videos", assets.Paths[0], copy, "--queries", queries, "--frames", "2"];
        var json = (await Tool.RunAsync([.. arguments, "--json"])).Expect(0).Json.GetProperty("textToVideo");
        Assert.Equal((0, 50, 100), (json.Number("r1"), json.Number("expectedR1"), json.Number("expectedR5")));
        var people = (await Tool.RunAsync(arguments)).Expect(0);
        Assert.Contains("text to video, expected where tied scores come in random order: R@1 50.0", people.Output, StringComparison.Ordinal);
        Assert.Contains("1 lines of", people.Error, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task Evaluate_NoQuery_NamesTheFile()
    {
        var queries = assets.Lines("queries.jsonl", "");
        (await Tool.RunAsync("evaluate", "--model", assets.Clip, "--videos", assets.Videos, "--queries", queries)).ExpectError(1, $"'{queries}' holds no query");
        (await Tool.RunAsync("evaluate", "--model", assets.Clip, "--videos", assets.Videos, "--queries", "none.jsonl")).ExpectError(1, "'none.jsonl' does not exist");
    }

    [SkippableFact]
    public async Task Evaluate_NothingReadable_Gives1()
    {
        Assets.SkipWithoutFfmpeg();
        var queries = assets.Lines("queries.jsonl", Assets.Line("nothing.mp4", "x", "text"));
        var result = await Tool.RunAsync("evaluate", "--model", assets.Clip, "--videos", "nothing.mp4", "--queries", queries, "--json");
        Assert.Equal(["nothing.mp4"], result.Expect(1).Skipped);
        Assert.Equal(1, result.Json.GetProperty("queriesWithoutVideo").GetInt32());
    }

    private static void AssertRanks(JsonElement metrics, int[] ranks)
    {
        Assert.Equal(Metrics, metrics.Keys());
        Assert.Equal(ranks.Length, metrics.GetProperty("queries").GetInt32());
        Assert.Equal(100.0 * ranks.Count(rank => rank <= 1) / ranks.Length, metrics.Number("r1"), 9);
        Assert.Equal(100.0 * ranks.Count(rank => rank <= 5) / ranks.Length, metrics.Number("r5"), 9);
        Assert.Equal(metrics.Number("r5"), metrics.Number("expectedR5"), 9);
        Assert.Equal(ranks.Average(), metrics.Number("meanRank"), 9);
        Assert.Equal(ranks.Average(rank => 1.0 / rank), metrics.Number("mrr"), 9);
    }

    private static int TextToVideo(double[][] scores, int query) => 1 + scores[query].Count(score => score > scores[query][Owners[query]]);

    /// <summary>Sets: every other video's best query competes with the video's own best one, and so does each query without a video.</summary>
    private static int VideoToText(double[][] scores, int video)
    {
        double Best(int owner) => Enumerable.Range(0, Texts.Length).Where(query => Owners[query] == owner).Max(query => scores[query][video]);
        return 1 + Enumerable.Range(0, scores[0].Length).Count(other => other != video && Best(other) > Best(video))
            + Enumerable.Range(0, Texts.Length).Count(query => Owners[query] < 0 && scores[query][video] > Best(video));
    }

    /// <summary>Frames of each video, and texts, by the tool's own 'frames' and 'embed'.</summary>
    private async Task<(List<float[][]> Frames, float[][] Texts)> EmbeddingsAsync()
    {
        var frames = new List<float[][]>();
        foreach (var path in assets.Paths)
        {
            var folder = assets.Folder();
            (await Tool.RunAsync("frames", path, "--clip", assets.Clip, "--count", "2", "--out", folder)).Expect(0);
            frames.Add((await Tool.RunAsync("embed", "--clip", assets.Clip, "--json", "--image", $"{folder}/0000.png", $"{folder}/0001.png")).Expect(0).Embeddings());
        }
        return (frames, (await Tool.RunAsync(["embed", "--clip", assets.Clip, "--json", "--text", .. Texts])).Expect(0).Embeddings());
    }
}
