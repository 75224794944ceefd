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
        var first = new ConditionResult(0.4, 12, new Dictionary<string, PooledScores> { ["x"] = new(scores, scores) });
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
    public void Get_FileThatCannotBeRead_SaysWhichAndWhatToDo()
    {
        var store = new ResultStore(_folder);
        store.Get(new { a = 1 }, () => 1);
        var file = Directory.GetFiles(_folder).Single();
        File.WriteAllText(file, "{");
        Assert.Contains(file, Assert.Throws<InvalidDataException>(() => store.Get(new { a = 1 }, () => 1)).Message);
    }
}
