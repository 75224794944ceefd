namespace VideoCaptionRetrieval.Cli.Tests;

/// <summary>A BLIP for retrieval through the tool: fit, evaluate, index, search, with re-ranking.</summary>
[Collection(ToolTests.Name)]
public sealed class RerankTests(Assets assets)
{
    private static readonly string[] Texts = ["a red box moves right", "a picture with a pattern", "a yellow box falls"];

    [SkippableFact]
    public async Task FitThenEvaluateAndSearch_Rerank_SameVideosByOtherScores()
    {
        var (folder, videos) = (assets.Folder(), assets.Videos);
        var model = Path.Combine(folder, "model.zip");
        var captions = assets.Lines("captions.jsonl", [.. assets.Paths.Select((path, i) => Assets.Line(path, Texts[i]))]);
        (await Tool.RunAsync("fit", videos, "--clip", assets.BlipRetrieval, "--captions", captions, "--frames", "2", "--epochs", "1",
            "--image-text-matching", "--out", model)).Expect(0);

        var queries = assets.Lines("queries.jsonl", [.. assets.Paths.Select((path, i) => Assets.Line(path, Texts[i], "text"))]);
        var evaluation = (await Tool.RunAsync("evaluate", "--model", model, "--videos", videos, "--queries", queries, "--rerank", "2", "--json")).Expect(0).Json;
        Assert.Equal(3, evaluation.GetProperty("textToVideo").GetProperty("queries").GetInt32());

        var index = Path.Combine(folder, "index");
        (await Tool.RunAsync("index", videos, "--model", model, "--out", index)).Expect(0);
        var plain = await ScoresAsync("search", index, Texts[0]);
        var reranked = await ScoresAsync("search", index, Texts[0], "--rerank", "2", "--model", model);
        var listed = await ScoresAsync("search", index, Texts[0], "--rerank", "2", "--model", model, "--videos", videos);
        Assert.Equal(plain.Select(hit => hit.Video).Order(), reranked.Select(hit => hit.Video).Order());
        Assert.Equal(plain[2], reranked[2]);
        Assert.All(plain.Take(2), hit => Assert.NotEqual(hit.Score, reranked.Single(other => other.Video == hit.Video).Score));
        Assert.True(reranked[0].Score >= reranked[1].Score);
        Assert.Equal(reranked, listed);
    }

    [SkippableFact]
    public async Task Rerank_WithClipOrWithoutModel_SaysWhatIsNeeded()
    {
        var (videos, index) = (assets.Videos, Path.Combine(assets.Folder(), "index"));
        (await Tool.RunAsync("index", videos, "--model", assets.Clip, "--out", index)).Expect(0);
        (await Tool.RunAsync("search", index, "x", "--rerank", "2", "--model", assets.Clip)).ExpectError(1, "BLIP checkpoint");
        (await Tool.RunAsync("search", index, "x", "--rerank", "2")).ExpectError(2, "--model");
        var queries = assets.Lines("queries.jsonl", Assets.Line(assets.Paths[0], "red", "text"));
        (await Tool.RunAsync("evaluate", "--model", assets.Clip, "--videos", videos, "--queries", queries, "--rerank", "2")).ExpectError(1, "BLIP checkpoint");
    }

    private static async Task<(string Video, double Score)[]> ScoresAsync(params string[] arguments) =>
        [.. (await Tool.RunAsync([.. arguments, "--json"])).Expect(0).Json.GetProperty("hits").EnumerateArray()
            .Select(hit => (hit.Text("video"), hit.Number("score")))];
}
