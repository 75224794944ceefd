using System.Text.Json;

namespace VideoCaptionRetrieval.Cli.Tests.Commands;

[Collection(ToolTests.Name)]
public sealed class EvaluateCommandTests(Assets assets)
{
    private static readonly string[] Metrics = ["r1", "r5", "r10", "r50", "medianRank", "meanRank", "mrr", "queries"];

    [SkippableTheory]
    [InlineData("query-scoring")]
    [InlineData("mean")]
    public async Task Evaluate_QueriesOfSkippedAndUnknownVideos_DistractVideoToTextOnly(string pooling)
    {
        var relative = Path.GetRelativePath(Directory.GetCurrentDirectory(), assets.Videos);
        string[] texts = ["red", "a test pattern", "yellow", "of a skipped video", "of an unknown video", "red again"];
        var names = Assets.Names.Select(name => $"./{relative}//{name}").Concat(["nothing.mp4", "unknown.mp4"]).ToArray();
        var queries = assets.Lines("queries.jsonl", [.. texts.Select((text, i) => Assets.Line(names[i % names.Length], text, "text"))]);
        var result = await Tool.RunAsync("evaluate", "--model", assets.Clip, "--videos", relative, "nothing.mp4", "--queries", queries,
            "--frames", "2", "--pooling", pooling, "--json");
        var json = result.Expect(0).Json;
        Assert.Equal(["textToVideo", "videoToText", "queriesWithoutVideo", "skipped"], json.Keys());
        Assert.Equal(["nothing.mp4"], result.Skipped);
        Assert.Equal(2, json.GetProperty("queriesWithoutVideo").GetInt32());

        var scores = await ScoresAsync(texts, mean: pooling == "mean");
        int[] owners = [0, 1, 2, -1, -1, 0];
        AssertRanks(json.GetProperty("textToVideo"), [.. Enumerable.Range(0, texts.Length).Where(q => owners[q] >= 0)
            .Select(q => 1 + Enumerable.Range(0, 3).Count(v => scores[q][v] > scores[q][owners[q]]))]);
        AssertRanks(json.GetProperty("videoToText"), [.. Enumerable.Range(0, 3).Select(v =>
        {
            var own = Enumerable.Range(0, texts.Length).Where(q => owners[q] == v).Max(q => scores[q][v]);
            // Sets: every other video's best query competes, and so does each query without a video.
            return 1 + Enumerable.Range(0, 3).Where(other => other != v).Count(other => Enumerable.Range(0, texts.Length).Where(q => owners[q] == other).Max(q => scores[q][v]) > own)
                + Enumerable.Range(0, texts.Length).Count(q => owners[q] < 0 && scores[q][v] > own);
        })]);
    }

    [SkippableFact]
    public async Task Evaluate_NoQueryWithVideo_ValuesAreNull()
    {
        var queries = assets.Lines("queries.jsonl", Assets.Line("unknown.mp4", "red", "text"));
        var result = await Tool.RunAsync("evaluate", "--model", assets.Clip, "--videos", assets.Paths[0], "--queries", queries, "--frames", "1", "--v2t", "captions", "--json");
        foreach (var direction in new[] { "textToVideo", "videoToText" })
        {
            var metrics = result.Expect(0).Json.GetProperty(direction);
            Assert.Equal(Metrics, metrics.Keys());
            Assert.All(Metrics[..^1], name => Assert.Equal(JsonValueKind.Null, metrics.GetProperty(name).ValueKind));
            Assert.Equal(0, metrics.GetProperty("queries").GetInt32());
        }
        Assert.Contains(assets.Paths[0], result.Error, StringComparison.Ordinal);
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
        Assert.Equal(ranks.Average(), metrics.Number("meanRank"), 9);
        Assert.Equal(ranks.Average(rank => 1.0 / rank), metrics.Number("mrr"), 9);
    }

    /// <summary>[query][video], by the tool's own 'frames' and 'embed'.</summary>
    private async Task<double[][]> ScoresAsync(string[] texts, bool mean)
    {
        var videos = new List<float[][]>();
        foreach (var path in assets.Paths) videos.Add(await FramesAsync(path));
        var queries = (await Tool.RunAsync(["embed", "--clip", assets.Clip, "--json", "--text", .. texts])).Expect(0).Embeddings();
        return [.. queries.Select(query => videos.Select(frames => Formulas.QueryScore(frames, query, mean ? 1e9 : 0.1)).ToArray())];
    }

    private async Task<float[][]> FramesAsync(string video)
    {
        var folder = assets.Folder();
        (await Tool.RunAsync("frames", video, "--clip", assets.Clip, "--count", "2", "--out", folder)).Expect(0);
        return (await Tool.RunAsync("embed", "--clip", assets.Clip, "--json", "--image", $"{folder}/0000.png", $"{folder}/0001.png")).Expect(0).Embeddings();
    }
}
