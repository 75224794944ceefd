namespace VideoCaptionRetrieval.Cli.Tests.Commands;

[Collection(ToolTests.Name)]
public sealed class WorldCommandTests(Assets assets)
{
    [SkippableFact]
    public async Task Make_VideosAndSentences_AreWrittenAndCanBeEvaluatedOn()
    {
        var (folder, truth) = (Path.Combine(assets.Folder(), "shapes"), Path.Combine(assets.Folder(), "truth.jsonl"));
        var result = await Tool.RunAsync("world", "make", "--out", folder + "/", "--videos", "3", "--seed", "5", "--sentences", truth, "--json");
        Assert.Equal(Directory.GetFiles(folder).Order(StringComparer.Ordinal), result.Expect(0).Json.GetProperty("videos").EnumerateArray().Select(path => path.GetString()));

        var evaluation = (await Tool.RunAsync("evaluate", "--model", assets.Clip, "--videos", folder, "--queries", truth, "--json")).Expect(0).Json;
        Assert.Equal(3, evaluation.GetProperty("textToVideo").GetProperty("queries").GetInt32());
    }

    [SkippableTheory]
    [InlineData("--seeds", "1,1", "expected different whole numbers")]
    [InlineData("--seeds", "one", "expected different whole numbers")]
    [InlineData("--gap", "-1", "--gap: found -1")]
    [InlineData("--test-videos", "1", "--test-videos: found 1")]
    public async Task Prove_BadUsage_SaysWhatWasExpected(string option, string value, string said) =>
        (await Tool.RunAsync("world", "prove", "--out", assets.Folder(), option, value)).ExpectError(2, said);

    [SkippableFact]
    public async Task Prove_ModelsThatAreNotThere_NamesThem()
    {
        var models = Path.Combine(assets.Folder(), "absent");
        (await Tool.RunAsync("world", "prove", "--out", assets.Folder(), "--seeds", "1", "--train-videos", "2", "--test-videos", "2", "--models", models)).ExpectError(1, models);
    }

    [SkippableFact]
    public async Task Ablate_PlanWithFaults_ListsThem()
    {
        var plan = Path.Combine(assets.Folder(), "plan.json");
        await File.WriteAllTextAsync(plan, """{"models": "m", "seeds": [], "dataSets": [], "tables": []}""");
        (await Tool.RunAsync("ablate", plan, "--out", assets.Folder())).ExpectError(1, "\"seeds\" is empty", "\"dataSets\" is empty", "\"tables\" is empty");
    }
}
