using System.Text.Json;

namespace VideoCaptionRetrieval.Cli.Tests.Commands;

[Collection(ToolTests.Name)]
public sealed class SelectCommandTests(Assets assets)
{
    private static readonly string[] Words = ["red", "a box", "moves right", "nothing", "a dog runs", "blue sky at night"];

    [SkippableFact]
    public async Task Select_PerCaptioner_BestFirstWithScoresOfTheFrameAtItsTime()
    {
        var captions = Captions(assets.Paths[0]);
        var lines = await SelectAsync(captions, "--keep", "2");
        Assert.Equal(["video", "captioner", "frame", "time", "caption", "extra", "score"], lines[0].Keys());
        Assert.Equal(["a", "a", "b", "b"], lines.Select(line => line.Text("captioner")));
        var scores = await ScoresAsync(assets.Paths[0], "");
        foreach (var own in lines.GroupBy(line => line.Text("captioner")))
        {
            var best = scores.Where(score => score.Captioner == own.Key).OrderByDescending(score => score.Score).ThenBy(score => score.Frame).Take(2).ToList();
            Assert.Equal(best.Select(score => score.Caption), own.Select(line => line.Text("caption")));
            Assert.All(own.Zip(best), pair => Assert.Equal(pair.Second.Score, pair.First.Number("score"), 4));
        }
    }

    [SkippableFact]
    public async Task Select_JointWithPrefix_BestOfAllCaptioners()
    {
        var lines = await SelectAsync(Captions(assets.Paths[0]), "--joint", "--keep", "3", "--prefix", "A photo depicts ");
        var best = (await ScoresAsync(assets.Paths[0], "A photo depicts ")).OrderByDescending(score => score.Score)
            .ThenBy(score => score.Frame).ThenBy(score => score.Captioner).Take(3);
        Assert.Equal(best.Select(score => score.Caption), lines.Select(line => line.Text("caption")));
    }

    [SkippableFact]
    public async Task Select_OtherRulesAndLimits_KeepTheirs()
    {
        var captions = Captions(assets.Paths[0]);
        var scores = await ScoresAsync(assets.Paths[0], "");
        Assert.All(await SelectAsync(captions, "--rule", "middle"), line => Assert.Equal(1, line.Number("frame")));
        var drawn = await SelectAsync(captions, "--rule", "random", "--keep", "1", "--seed", "3");
        Assert.Equal(["a", "b"], drawn.Select(line => line.Text("captioner")));
        var again = await SelectAsync(captions, "--rule", "random", "--keep", "1", "--seed", "3");
        Assert.Equal(drawn.Select(line => line.Text("caption")), again.Select(line => line.Text("caption")));
        var minimum = scores.Select(score => score.Score).Order().ElementAt(scores.Count - 2) - 1e-3;
        Assert.Equal(scores.Count(score => score.Score >= minimum), (await SelectAsync(captions, "--keep", "9", "--minimum-score", Invariant($"{minimum}"))).Length);
        var twice = assets.Lines("twice.jsonl", [.. File.ReadAllLines(captions), .. File.ReadAllLines(captions).Select(line => line.Replace("\"a\"", "\"c\"", StringComparison.Ordinal))]);
        Assert.Equal(scores.Count, (await SelectAsync(twice, "--keep", "9", "--unique")).Length);
        var file = Path.Combine(assets.Folder(), "selected.jsonl");
        (await Tool.RunAsync("select", captions, "--clip", assets.Clip, "--rule", "middle", "--joint", "--out", file)).ExpectError(2, "--joint");
    }

    [SkippableFact]
    public async Task Select_LinesOfVideosMixed_AreGroupedInTheOrderInWhichTheyBegin()
    {
        var (one, other) = (File.ReadAllLines(Captions(assets.Paths[0])), File.ReadAllLines(Captions(assets.Paths[1])));
        var apart = await SelectAsync(assets.Lines("apart.jsonl", [.. one, .. other]), "--keep", "2");
        var mixed = await SelectAsync(assets.Lines("mixed.jsonl", [.. one.Zip(other).SelectMany(pair => new[] { pair.First, pair.Second })]), "--keep", "2");
        Assert.Equal(apart.Select(line => line.GetRawText()), mixed.Select(line => line.GetRawText()));
    }

    [SkippableFact]
    public async Task Select_TimesThatCannotBe_NameFileAndLine()
    {
        var file = Path.Combine(assets.Folder(), "selected.jsonl");
        string Line(string time, string caption = "x") => $$"""{"video":"{{assets.Paths[0]}}","caption":"{{caption}}","time":{{time}}}""";
        async Task<ToolResult> RunAsync(string captions) => await Tool.RunAsync("select", captions, "--clip", assets.Clip, "--out", file);

        var negative = assets.Lines("negative.jsonl", Line("1"), Line("-3"));
        (await RunAsync(negative)).ExpectError(1, $"'{negative}', line 2: \"time\" has to be 0 or more, found '-3'");
        var broken = assets.Lines("broken.jsonl", Line("1"), Line("1", "a \\ud83d red"));
        (await RunAsync(broken)).ExpectError(1, $"'{broken}', line 2: half of a character");
        var milliseconds = assets.Lines("milliseconds.jsonl", Line("1"), Line("1500"));
        (await RunAsync(milliseconds)).ExpectError(1, $"'{milliseconds}', line 2: \"time\" is 1500 s", "milliseconds?");
        Assert.False(File.Exists(file));
    }

    [SkippableFact]
    public async Task Select_OutputThatAnotherRunWrites_SaidUpFront()
    {
        var file = Path.Combine(assets.Folder(), "selected.jsonl");
        using (new FileStream(file + ".lock", FileMode.Create, FileAccess.Write, FileShare.None))
        {
            (await Tool.RunAsync("select", Captions(assets.Paths[0]), "--clip", assets.Clip, "--out", file)).ExpectError(1, $"another run writes '{file}'");
            (await Tool.RunAsync("caption", assets.Videos, "--captioner", $"a={assets.Blip}", "--out", file)).ExpectError(1, $"another run writes '{file}'");
        }
        Assert.False(Directory.Exists(file + ".partial"));
    }

    [SkippableFact]
    public async Task Select_SeveralSpellingsOfAVideo_AreOneVideo()
    {
        var path = Path.GetRelativePath(Directory.GetCurrentDirectory(), assets.Paths[0]);
        var lines = File.ReadAllLines(Captions(path)).Where(line => line.Contains("\"a\"", StringComparison.Ordinal)).ToList();
        lines.AddRange(File.ReadAllLines(Captions("./" + path)).Where(line => line.Contains("\"a\"", StringComparison.Ordinal)));
        Assert.Single(await SelectAsync(assets.Lines("captions.jsonl", [.. lines]), "--keep", "1"));
    }

    [SkippableFact]
    public async Task Select_UnreadableVideoAndEmptyCaption_Skipped()
    {
        var captions = assets.Lines("captions.jsonl",
            """{"video":"nothing.mp4","caption":"a","time":0}""", $$"""{"video":"{{assets.Paths[1]}}","caption":" ","time":0}""",
            $$"""{"video":"{{assets.Paths[0]}}","caption":"a","time":0}""");
        var file = Path.Combine(assets.Folder(), "selected.jsonl");
        var result = (await Tool.RunAsync("select", captions, "--clip", assets.Clip, "--out", file, "--json")).Expect(0);
        Assert.Equal(["nothing.mp4", assets.Paths[1]], result.Skipped);
        Assert.Equal(["video", "caption", "time", "score"], Assert.Single(LineReading.ReadLines(file)).Keys());
    }

    [SkippableFact]
    public async Task Select_BlipForRetrieval_IsRefusedAsNoClip()
    {
        var file = Path.Combine(assets.Folder(), "selected.jsonl");
        (await Tool.RunAsync("select", Captions(assets.Paths[0]), "--clip", assets.BlipRetrieval, "--out", file))
            .ExpectError(1, assets.BlipRetrieval, "BLIP for retrieval", "expected a CLIP");
        Assert.False(File.Exists(file));
    }

    [SkippableFact]
    public async Task Select_SavedModelOfAClip_Scores()
    {
        var file = Path.Combine(assets.Folder(), "selected.jsonl");
        (await Tool.RunAsync("select", Captions(assets.Paths[0]), "--clip", await assets.ModelAsync(), "--out", file)).Expect(0);
        Assert.Equal(4, LineReading.ReadLines(file).Length);
    }

    [Fact]
    public async Task Select_LineWithoutTime_NamesFileAndLine()
    {
        var captions = assets.Lines("captions.jsonl", """{"video":"v.mp4","caption":"a","time":0}""", """{"video":"v.mp4","caption":"a"}""");
        (await Tool.RunAsync("select", captions, "--clip", assets.Clip, "--out", "selected.jsonl")).ExpectError(1, $"'{captions}', line 2", "\"time\" is missing");
    }

    /// <summary>Captions of the two frames of a video by two captioners, with a key that the tool does not know.</summary>
    private string Captions(string video) => assets.Lines("captions.jsonl", [.. Words.Select((word, i) =>
        $$"""{"video":"{{video}}","captioner":"{{(i < 3 ? "a" : "b")}}","frame":{{i % 2}},"time":{{(i % 2 == 0 ? 1 : 3)}},"caption":"{{word}}","extra":[1.50]}""")]);

    private async Task<JsonElement[]> SelectAsync(string captions, params string[] options)
    {
        var file = Path.Combine(assets.Folder(), "selected.jsonl");
        (await Tool.RunAsync(["select", captions, "--clip", assets.Clip, "--out", file, .. options])).Expect(0);
        return LineReading.ReadLines(file);
    }

    /// <summary>2.5·max(cos, 0) of each caption and its frame, by the tool's own 'frames' and 'embed'.</summary>
    private async Task<List<(string Captioner, int Frame, string Caption, double Score)>> ScoresAsync(string video, string prefix)
    {
        var folder = assets.Folder();
        (await Tool.RunAsync("frames", video, "--clip", assets.Clip, "--count", "2", "--out", folder)).Expect(0);
        var frames = (await Tool.RunAsync("embed", "--clip", assets.Clip, "--image", $"{folder}/0000.png", $"{folder}/0001.png", "--json")).Expect(0).Embeddings();
        var texts = (await Tool.RunAsync(["embed", "--clip", assets.Clip, "--json", "--text", .. Words.Select(word => prefix + word)])).Expect(0).Embeddings();
        return [.. Words.Select((word, i) => (i < 3 ? "a" : "b", i % 2, word, 2.5 * Math.Max(Formulas.Cosine(frames[i % 2], texts[i]), 0)))];
    }
}
