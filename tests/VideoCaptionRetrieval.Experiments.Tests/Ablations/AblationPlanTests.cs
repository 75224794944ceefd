using VideoCaptionRetrieval.Experiments.Ablations;

namespace VideoCaptionRetrieval.Experiments.Tests.Ablations;

public sealed class AblationPlanTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("vcr-plan-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Plan(string tables, string sets = """[{"name": "shapes", "world": {"gap": 0.7}, "trainVideos": 10, "testVideos": 5}]""", string rest = "")
    {
        var path = Path.Combine(_folder, "plan.json");
        File.WriteAllText(path, $$"""{"models": "m", "seeds": [4], "dataSets": {{sets}}, "base": {"steps": 7, "keep": 3}, "tables": {{tables}}{{rest}}}""");
        return path;
    }

    [Fact]
    public void Conditions_RowsAndGrid_EveryCombinationOverTheBase()
    {
        var plan = AblationPlan.Read(Plan("""
            [{"title": "T", "rows": [{"name": "one", "use": "randomOne"}, {"name": "two", "keep": 1}], "grid": {"learningRate": [0.1, 0.2], "pooling": ["mean", "queryScoring"]}}]
            """));
        var conditions = plan.Conditions(plan.Tables[0]).ToList();
        Assert.Equal(8, conditions.Count);
        Assert.Equal("one, learningRate 0.1, pooling mean", conditions[0].Name);
        Assert.Equal(new() { Steps = 7, Keep = 3, Use = CaptionUse.RandomOne, LearningRate = 0.1, Pooling = FramePooling.Mean }, conditions[0].Condition);
        Assert.Equal(new() { Steps = 7, Keep = 1, LearningRate = 0.2, Pooling = FramePooling.QueryScoring }, conditions[^1].Condition);
    }

    [Theory]
    [InlineData("""[{"title": "T", "rows": [{"name": "x", "stepz": 3}]}]""", "stepz")]
    [InlineData("""[{"title": "T", "rows": [{"name": "x", "use": "none"}]}]""", "use")]
    [InlineData("""[{"title": "T", "rows": [{"name": "x", "trainOn": ["elsewhere"]}]}]""", "'elsewhere'")]
    [InlineData("""[{"title": "T", "rows": [{"name": "x", "learningRate": -1}]}]""", "LearningRate is '-1'")]
    [InlineData("""[{"title": "T", "rows": [{"name": "x", "captions": "stills"}]}]""", "captions is 'stills'")]
    [InlineData("""[{"title": "T", "rows": []}]""", "has no rows")]
    [InlineData("[]", "\"tables\" is empty")]
    public void Read_SomethingIsWrong_IsNamed(string tables, string named) =>
        Assert.Contains(named, Assert.Throws<InvalidDataException>(() => AblationPlan.Read(Plan(tables))).Message);

    [Fact]
    public void Read_SeveralFaults_AreListedTogether()
    {
        var sets = """[{"name": "a"}, {"name": "a", "world": {}, "train": "x"}, {"name": "", "train": "x", "test": "y", "queries": "z"}]""";
        var message = Assert.Throws<InvalidDataException>(() => AblationPlan.Read(Plan("[]", sets))).Message;
        foreach (var fault in new[] { "two data sets are named 'a'", "data set 'a' needs either", "a data set has no name", "\"tables\" is empty" })
            Assert.Contains(fault, message);
    }

    [Fact]
    public void Read_NoSuchFile_NamesIt() =>
        Assert.Contains("absent.json", Assert.Throws<FileNotFoundException>(() => AblationPlan.Read(Path.Combine(_folder, "absent.json"))).Message);

    [Fact]
    public void Read_PlanOfTheDocumentation_HasTheTablesOfThePaper()
    {
        var plan = AblationPlan.Read(Path.Combine(TestSupport.ReferenceFolder.Repository, "docs", "ablations.json"));
        Assert.Equal(9, plan.Tables.Count(table => table.Title.StartsWith("Table ", StringComparison.Ordinal)));
        Assert.All(plan.Tables, table => Assert.NotEmpty(plan.Conditions(table)));
    }
}
