using VideoCaptionRetrieval.TestSupport;
namespace VideoCaptionRetrieval.Cli.Tests.Commands;

[Trait("Category", ForeignCulture.Category)]
[Collection(ToolTests.Name)]
public sealed class CaptionsCommandTests(Assets assets)
{
    private const string Content = ",\"content\":\"c\",\"identity\":\"i";

    [Fact]
    public async Task Stats_StoreAndSelection_NumbersAndPictureOfThem()
    {
        var folder = StoreOf(
            Line("v1", "blip", 0, "a dog"), Line("v1", "blip", 1, "a dog"), Line("v1", "clipcap", 0, "a dog"), Line("v1", "clipcap", 1, "a cat"),
            Line("v2", "blip", 0, "a tree"), Line("v2", "clipcap", 0, "a tree"));
        var selected = assets.Lines("selected.jsonl", Line("v1", "blip", 1, "a dog", ",\"score\":0.75"), Line("v1", "clipcap", 1, "a cat", ",\"score\":0.31"));
        var json = (await Tool.RunAsync("captions", "stats", folder, "--selected", selected, "--json")).Expect(0).Json;
        Assert.Equal(2, json.GetProperty("videos").GetInt32());
        Assert.Equal(6, json.GetProperty("all").GetProperty("captions").GetInt32());
        Assert.Equal((0.5 + 0.5) / 2, json.GetProperty("all").Number("uniqueShare"), 1e-9);
        Assert.Equal(0.5, json.GetProperty("all").Number("uniqueShareOverall"), 1e-9);
        Assert.Equal(1, json.GetProperty("kept").Number("uniqueShare"));
        Assert.Equal((0.5 + 1) / 2, json.GetProperty("overlaps")[0].Number("share"), 1e-9);
        Assert.Equal([0, 2], json.GetProperty("keptByFrame").EnumerateArray().Select(count => count.GetInt32()));
        Assert.Equal([0, 0, 0, 1, 0, 0, 0, 1], json.GetProperty("keptByScore").EnumerateArray().Select(count => count.GetInt32()));

        var text = (await Tool.RunAsync("captions", "stats", folder, "--selected", selected)).Expect(0).Output;
        Assert.All(["6 captions of 2 videos", "blip and clipcap say the same: 75.0 %", "0.7-0.8", "####"], (string part) => Assert.Contains(part, text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task ExportThenImport_JsonLinesAndParquet_TheSameStore()
    {
        var folder = StoreOf(Line("v1", "blip", 0, "a dog"), Line("v1", "blip", 1, "a \\\"cat\\\" é"));
        foreach (var name in new[] { "all.jsonl", "all.parquet" })
        {
            var (file, copy) = (Path.Combine(assets.Folder(), name), Path.Combine(assets.Folder(), "copy"));
            (await Tool.RunAsync("captions", "export", folder, "--out", file)).Expect(0);
            Assert.Equal(2, (await Tool.RunAsync("captions", "import", file, "--out", copy, "--json")).Expect(0).Json.GetProperty("added").GetInt32());
            Assert.Equal(File.ReadAllText(Path.Combine(folder, "captions.jsonl")), File.ReadAllText(Path.Combine(copy, "captions.jsonl")));
        }
    }

    [Fact]
    public async Task Merge_OtherTextOfOneFrame_FirstIsKeptAndTold()
    {
        var (one, other) = (StoreOf(Line("v1", "blip", 0, "a dog")), StoreOf(Line("v1", "blip", 0, "a cat"), Line("v1", "blip", 1, "a tree")));
        var merged = Path.Combine(assets.Folder(), "merged");
        var result = (await Tool.RunAsync("captions", "merge", one, other, "--out", merged)).Expect(0);
        Assert.Contains("1 captions were there with another text", result.Error, StringComparison.Ordinal);
        Assert.Equal(["a dog", "a tree"], LineReading.ReadLines(Path.Combine(merged, "captions.jsonl")).Select(line => line.Text("caption")));
    }

    [Theory]
    [InlineData("captions", "stats", "absent")]
    [InlineData("captions", "merge", "absent", "--out", "merged")]
    [InlineData("captions", "export", "absent", "--out", "file.jsonl")]
    [InlineData("captions", "import", "absent", "--out", "store")]
    public async Task AnyCommand_NothingThere_Gives1AndSaysWhatIsExpected(params string[] arguments)
    {
        var folder = assets.Folder();
        var there = arguments.Select(argument => argument is "merged" or "file.jsonl" or "store" ? Path.Combine(folder, argument) : argument);
        Assert.Contains("'absent'", (await Tool.RunAsync([.. there])).Expect(1).Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(folder));
    }

    private string StoreOf(params string[] lines) => Path.GetDirectoryName(assets.Lines("captions.jsonl", lines))!;

    private static string Line(string video, string captioner, int frame, string caption, string more = "") =>
        $$"""{"video":"{{video}}","captioner":"{{captioner}}","frame":{{frame}},"time":{{frame}},"caption":"{{caption}}"{{Content}}-{{video}}-{{captioner}}"{{more}}}""";
}
