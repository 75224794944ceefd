using System.Text.Json.Nodes;
using VideoCaptionRetrieval.Experiments.Ablations;

namespace VideoCaptionRetrieval.Experiments.Tests.Ablations;

public sealed class ResultStoreTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("vcr-results-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Get_SameKeyAgain_IsNotComputedTwice()
    {
        var scores = new TestScores(new(double.NaN, 2, 3, 4, 5, 6, 0.5, 10), new(1, 2, 3, 4, 5, 6, 0.5, 10), [1, 2.5]);
        var first = new ConditionResult(0.4, 12, new Dictionary<string, PooledScores> { ["x"] = new(scores, scores) }, ["It rains."]);
        Assert.Same(first, new ResultStore(_folder).Get(new { a = 1 }, () => first));
        var again = new ResultStore(_folder).Get<ConditionResult>(new { a = 1 }, () => throw new InvalidOperationException("computed twice"));
        Assert.Equal(first.Tests["x"].Mean.TextToVideo, again.Tests["x"].Mean.TextToVideo);
        Assert.Equal(first.Tests["x"].QueryScoring.Ranks, again.Tests["x"].QueryScoring.Ranks);
    }

    [Fact]
    public void Get_OtherKey_IsComputed()
    {
        var store = new ResultStore(_folder);
        Assert.Equal(1, store.Get(new { a = 1 }, () => 1));
        Assert.Equal(2, store.Get(new { a = 2 }, () => 2));
    }

    [Fact]
    public void Get_ResultOfAnotherVersion_IsTakenAndThatIsSaidOnce()
    {
        var lines = new List<string>();
        new ResultStore(_folder).Get(new { a = 1 }, () => 1);
        new ResultStore(_folder).Get(new { a = 2 }, () => 2);
        new ResultStore(_folder, new LineList(lines)).Get(new { a = 1 }, () => 0);
        Assert.Empty(lines);
        foreach (var file in Directory.GetFiles(_folder))
        {
            var entry = JsonNode.Parse(File.ReadAllText(file))!;
            Assert.NotEqual("", entry["Code"]!.GetValue<string>());
            entry["Code"] = "0.0.7";
            File.WriteAllText(file, entry.ToJsonString());
        }

        var store = new ResultStore(_folder, new LineList(lines));
        Assert.Equal((1, 2), (store.Get(new { a = 1 }, () => 0), store.Get(new { a = 2 }, () => 0)));
        Assert.Contains("version 0.0.7 of the code", Assert.Single(lines));
    }

    [Fact]
    public void For_OtherNamesInTheSameOrder_SameScores()
    {
        TestScores Scores(double r1) => new(new(r1, 2, 3, 4, 5, 6, 0.5, 10), new(1, 2, 3, 4, 5, 6, 0.5, 10), [1, 2.5]);
        var result = new ConditionResult(0.4, 12, new Dictionary<string, PooledScores> { ["b"] = new(Scores(1), Scores(1)), ["a"] = new(Scores(2), Scores(2)) }, []);
        ExperimentData Set(string name) => new() { Name = name, Identity = name, Train = [], Test = [], Queries = [new("v", "one"), new("w", "two"), new("v", "three")] };
        new ResultStore(_folder).Get(new { a = 1 }, () => result);
        var renamed = new ResultStore(_folder).Get<ConditionResult>(new { a = 1 }, () => throw new InvalidOperationException("computed twice")).For([Set("x"), Set("y")]);
        Assert.Equal([0, 1, 0], renamed.Tests["x"].Mean.Clusters);
        Assert.Equal((1, 2), (renamed.Tests["x"].Mean.TextToVideo.RecallAt1, renamed.Tests["y"].Mean.TextToVideo.RecallAt1));
    }

    [Fact]
    public void GainOver_EachLacksAnotherQuery_PairsByQuery()
    {
        TestScores Scores(double[] ranks, int[]? queries) => new(new(1, 2, 3, 4, 5, 6, 0.5, 10), new(1, 2, 3, 4, 5, 6, 0.5, 10), ranks, queries);
        Assert.Equal(0, Scores([1, 2, 1], [1, 2, 3]).GainOver(Scores([9, 1, 2], [0, 1, 2])).Difference);
        Assert.Equal(50, Scores([1, 1], null).GainOver(Scores([1, 2], null)).Difference);
    }

    [Fact]
    public void Gain_SentencesOfOneVideo_AreResampledTogether()
    {
        TestScores Scores(double[] ranks, int[] clusters) => new(new(1, 2, 3, 4, 5, 6, 0.5, 10), new(1, 2, 3, 4, 5, 6, 0.5, 10), ranks) { Clusters = clusters };
        static double Width(PairedDifference gain) => gain.Interval.Upper - gain.Interval.Lower;
        // Ten videos, three sentences each, of which all or none are found: thirty sentences say no more than ten.
        double[] found = [.. Enumerable.Range(0, 30).Select(i => i / 3 % 2 == 0 ? 1.0 : 2)], none = [.. Enumerable.Repeat(2.0, 30)];
        PairedDifference Gain(int[] clusters) => Scores(found, clusters).GainOver(Scores(none, clusters));
        var (alone, together) = (Gain([.. Enumerable.Range(0, 30)]), Gain([.. Enumerable.Range(0, 30).Select(i => i / 3)]));
        Assert.Equal((50, 50), (alone.Difference, together.Difference));
        Assert.InRange(Width(together) / Width(alone), 1.5, 2);                  // √3 in theory
        Assert.True(together.SignFlipP > 10 * alone.SignFlipP, Invariant($"{together.SignFlipP} and {alone.SignFlipP}"));

        int[] ten = [.. Enumerable.Range(0, 10)];
        var one = Scores(found[..10], ten);
        Assert.Equal(TestScores.Gain([one, one], [Scores(none[..10], ten), Scores(none[..10], ten)]).Difference, one.GainOver(Scores(none[..10], ten)).Difference);
    }

    [Fact]
    public void Get_FileThatCannotBeRead_SaysWhichAndWhatToDo()
    {
        var store = new ResultStore(_folder);
        store.Get(new { a = 1 }, () => 1);
        var file = Directory.GetFiles(_folder).Single();
        File.WriteAllText(file, "{");
        Assert.Contains(file, Assert.Throws<InvalidDataException>(() => store.Get(new { a = 1 }, () => 1)).Message);
    }
}
