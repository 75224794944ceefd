using VideoCaptionRetrieval.Experiments.Ablations;
using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.TestSupport;

namespace VideoCaptionRetrieval.Experiments.Tests.Ablations;

public sealed class AblationRunTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("vcr-ablation-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Results => Path.Combine(_folder, "results");

    private AblationRun Plan(string checkpoint, List<string> lines)
    {
        var path = Path.Combine(_folder, "plan.json");
        File.WriteAllText(path, $$"""
            {
              "models": "{{Path.Combine(ReferenceFolder.Repository, "models")}}", "seeds": [1],
              "dataSets": [{"name": "shapes", "world": {"gap": 0.5}, "trainVideos": 4, "testVideos": 3}],
              "base": {"steps": 2, "batchSize": 4},
              "tables": [{"title": "Initialisation", "rows": [
                {"name": "frozen", "captions": "nothing"},
                {"name": "BLIP, frozen", "captions": "nothing", "checkpoint": "{{checkpoint}}"},
                {"name": "BLIP, captions, then the truth", "captions": "captionersThenTruth", "checkpoint": "{{checkpoint}}"}]}]
            }
            """);
        return new(AblationPlan.Read(path), Path.Combine(_folder, "work"), Results, new LineList(lines), default);
    }

    [SkippableFact]
    public void Run_CheckpointWithFramesOfItsOwn_IsTrainedOnThem()
    {
        ProgramOnPath.SkipWithoutFfmpeg();
        var (checkpoint, lines) = (Path.Combine(_folder, "blip"), new List<string>());
        Experiments.SmallModels.WriteBlipRetrieval(checkpoint, seed: 1);        // frames of 64 pixels; those of the shipped models have 48
        var table = Assert.Single(Plan(checkpoint, lines).Run());
        Assert.Equal(["frozen", "BLIP, frozen", "BLIP, captions, then the truth"], table.Rows.Select(row => row.Name));
        Assert.All(table.Rows, row => Assert.InRange(Assert.Single(Assert.Single(row.Scores)).RecallAt10, 0, 100));
        Assert.Contains("3 of 3 conditions done", lines);

        // Kept results are enough: nothing is rendered, decoded or trained again.
        lines.Clear();
        Directory.Delete(Path.Combine(_folder, "work"), recursive: true);
        var again = Assert.Single(Plan(checkpoint, lines).Run());
        Assert.Equal(table.Markdown(), again.Markdown());
        Assert.All(lines, line => Assert.EndsWith(" done", line.Split(',')[0], StringComparison.Ordinal));
        Assert.False(Directory.Exists(Path.Combine(_folder, "work")));
    }

    [Fact]
    public void Run_CheckpointThatIsNotThere_IsNamedBeforeAnyWork()
    {
        var lines = new List<string>();
        var absent = Path.Combine(_folder, "absent");
        Assert.Contains(absent, Assert.Throws<ModelFileException>(() => Plan(absent, lines).Run()).Message, StringComparison.Ordinal);
        Assert.Empty(lines);
    }
}
