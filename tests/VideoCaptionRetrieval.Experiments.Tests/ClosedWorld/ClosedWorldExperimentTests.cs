using System.Text.Json;
using VideoCaptionRetrieval.Experiments.Ablations;
using VideoCaptionRetrieval.TestSupport;

namespace VideoCaptionRetrieval.Experiments.Tests.ClosedWorld;

public sealed class ClosedWorldExperimentTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("vcr-proof-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string Models => Path.Combine(ReferenceFolder.Repository, "models");

    private ClosedWorldOptions Small(List<string> lines) => new()
    {
        ModelFolder = Models,
        Seeds = [3],
        TrainVideos = 8,
        TestVideos = 9,
        WorkFolder = Path.Combine(_folder, "work"),
        Progress = new LineList(lines),
    };

    [SkippableFact]
    public void Run_Small_WritesResultsInTheirFormAndASecondRunTrainsNothing()
    {
        ProgramOnPath.SkipWithoutFfmpeg();
        var (output, lines) = (Path.Combine(_folder, "out"), new List<string>());
        ClosedWorldExperiment.Run(output, Small(lines));
        Assert.Contains("seed 3, full: training", lines);
        Assert.Equal(["gains.svg", "report.md", "results-many-scenes.json", "results.csv", "results.json"],
            Directory.GetFiles(output).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        var first = File.ReadAllText(Path.Combine(output, "results.json"));
        CheckForm(first);

        lines.Clear();
        ClosedWorldExperiment.Run(output, Small(lines));
        Assert.DoesNotContain(lines, line => line.EndsWith("training", StringComparison.Ordinal));
        Assert.Equal(first, File.ReadAllText(Path.Combine(output, "results.json")));
    }

    private static void CheckForm(string json)
    {
        using var results = JsonDocument.Parse(json);
        Assert.Equal(["frozen mean", "frozen query-scoring", "full mean", "full query-scoring"],
            results.RootElement.EnumerateArray().Select(result => $"{result.GetProperty("condition").GetString()} {result.GetProperty("pooling").GetString()}"));
        foreach (var result in results.RootElement.EnumerateArray())
        {
            Assert.Equal(3, result.GetProperty("seed").GetInt32());
            foreach (var direction in new[] { "textToVideo", "videoToText" })
                Assert.Equal(["r1", "r5", "r10", "medianRank"], result.GetProperty(direction).EnumerateObject().Select(property => property.Name));
            var gain = result.GetProperty("gain");
            if (result.GetProperty("condition").GetString() == "frozen") Assert.Equal(JsonValueKind.Null, gain.ValueKind);
            else Assert.True(gain.GetProperty("low").GetDouble() <= gain.GetProperty("r1").GetDouble() && gain.GetProperty("r1").GetDouble() <= gain.GetProperty("high").GetDouble());
        }
    }

    [SkippableFact]
    public void Make_TrainingAndTest_ShareNoVideoAndNoName()
    {
        ProgramOnPath.SkipWithoutFfmpeg();
        var data = WorldData.Make("x", new() { Seed = 2 }, 40, 40, TestSplit.Test, _folder, null, default);
        data.Render();
        Assert.Empty(data.Train.Select(clip => clip.VideoId).Intersect(data.Test.Select(clip => clip.VideoId)));
        Assert.Equal(80, data.Train.Concat(data.Test).Select(clip => Convert.ToHexString(File.ReadAllBytes(clip.Path))).Distinct().Count());
        Assert.Empty(data.Queries.Select(query => query.VideoId).Except(data.Test.Select(clip => clip.VideoId)));
        Assert.Empty(data.Truth.Select(one => one.VideoId).Except(data.Train.Select(clip => clip.VideoId)));
    }

    [Fact]
    public void Make_AnotherDataSetOrSplit_ShareNoScene()
    {
        var world = new ShapeWorldOptions { Seed = 2 };
        List<string> Scenes(string name, ShapeWorldOptions options, TestSplit split)
        {
            var data = WorldData.Make(name, options, 0, 50, split, _folder, null, default);
            Assert.Equal(50 * options.ScenesPerVideo, data.Queries.Count);
            return [.. data.Queries.Select(query => query.Text)];
        }
        var test = Scenes("one scene", world, TestSplit.Test);
        foreach (var other in new[]
        {
            Scenes("three scenes", world with { ScenesPerVideo = 3 }, TestSplit.Test), Scenes("another", world, TestSplit.Test), Scenes("one scene", world, TestSplit.Validation),
        })
            Assert.True(test.Intersect(other).Count() <= 2, string.Join(", ", test.Intersect(other)));         // short sentences are equal by chance
        Assert.Equal(test, Scenes("one scene", world, TestSplit.Test));
    }

    [SkippableFact]
    public void Selected_TruthAndTestReplaced_CaptionsStayTheSame()
    {
        // What the method trains on depends on the pixels of the training videos alone.
        ProgramOnPath.SkipWithoutFfmpeg();
        var data = WorldData.Make("x", new() { Seed = 2 }, 4, 2, TestSplit.Test, Path.Combine(_folder, "videos"), null, default);
        data.Render();
        IEnumerable<string> Captions(ExperimentData one, string work) =>
            new TrainingViews(new(1), ExperimentModels.In(Models), Path.Combine(_folder, work), null, default).Selected(new(), [one]).SelectMany(row => row.Captions);
        var captions = Captions(data, "a").ToList();
        Assert.Equal(16, captions.Count);
        Assert.Equal(captions, Captions(data with { Truth = [], Test = [], Queries = [] }, "b"));
        Assert.Empty(captions.Intersect(data.Truth.Concat(data.Queries).Select(one => one.Text)));
    }

    [Fact]
    public void Run_OptionsOutOfRange_AllAreListed()
    {
        var e = Assert.Throws<ArgumentException>(() => ClosedWorldExperiment.Run(_folder, new() { WorkFolder = _folder, Seeds = [1, 1], TrainVideos = 1, TestVideos = 0, Gap = double.NaN }));
        foreach (var name in new[] { "Seeds", "TrainVideos", "TestVideos", "Gap" }) Assert.Contains(name, e.Message);
    }
}
