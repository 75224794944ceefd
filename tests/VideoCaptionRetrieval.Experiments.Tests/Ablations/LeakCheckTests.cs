using VideoCaptionRetrieval.Experiments.Ablations;

namespace VideoCaptionRetrieval.Experiments.Tests.Ablations;

/// <summary>Test videos that are trained on under another name, and queries without a video.</summary>
public sealed class LeakCheckTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("vcr-leak-").FullName;
    private readonly List<string> _lines = [];

    public LeakCheckTests()
    {
        foreach (var (name, content) in new[] { ("a", "first"), ("b", "other"), ("c", "a third") }) File.WriteAllText(Video(name), content);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Video(string name) => Path.Combine(_folder, $"{name}.mp4");

    private static ExperimentData Set(string name, VideoClip[] train, VideoClip[] test) =>
        new() { Name = name, Identity = name, Train = train, Test = test, Queries = [] };

    private static VideoClip Clip(string path) => new(path, path);

    public static TheoryData<string> Spellings => ["dot", "relative", "link", "folder link", "part", "copy"];

    [Theory]
    [MemberData(nameof(Spellings))]
    public void Require_TestVideoUnderAnotherName_NamesBoth(string spelling)
    {
        var file = Video("a");
        var other = spelling switch
        {
            "dot" => Clip($"{_folder}/./a.mp4"),
            "relative" => Clip(Path.GetRelativePath(Directory.GetCurrentDirectory(), file)),
            "link" => Clip(File.CreateSymbolicLink(Video("link"), file).FullName),
            "folder link" => Clip(Path.Combine(Directory.CreateSymbolicLink(Path.Combine(_folder, "up"), _folder).FullName, "a.mp4")),
            "part" => new VideoClip($"{file}#1-2", file, 1, 2),
            _ => Copy(file),
        };
        var (trains, tests) = (Set("one", [Clip(Video("b")), other], [Clip(Video("c"))]), Set("two", [Clip(Video("b"))], [Clip(file)]));

        new LeakCheck().Require([trains], [trains]);
        foreach (var message in new[]
        {
            Assert.Throws<InvalidDataException>(() => new LeakCheck().Require([trains], [trains, tests])).Message,
            Assert.Throws<InvalidDataException>(() => new LeakCheck().Require([Set("one", [Clip(Video("b")), Clip(file)], [])], [Set("two", [], [other])])).Message,
        })
            Assert.All([$"'{file}'", $"'{other.VideoId}'", "'one'", "'two'"], (string part) => Assert.Contains(part, message, StringComparison.Ordinal));
    }

    private VideoClip Copy(string file)
    {
        File.Copy(file, Video("copy"));
        return Clip(Video("copy"));
    }

    [Fact]
    public void Load_QueriesWithoutAVideo_AreSaidAndNoneIsAnError()
    {
        var queries = Path.Combine(_folder, "queries.jsonl");
        PlannedDataSet set = new() { Name = "mine", Train = Video("a"), Test = Video("b"), Queries = queries };
        string Line(string video) => $$"""{"video":"{{video}}","text":"x"}""";

        File.WriteAllLines(queries, [Line(Video("b")), Line("elsewhere.mp4"), Line($"{_folder}/./b.mp4")]);
        Assert.Equal(3, set.Load(1, _folder, new LineList(_lines), default).Queries.Count);
        Assert.Contains("1 of 3 lines", Assert.Single(_lines), StringComparison.Ordinal);
        Assert.Contains("'elsewhere.mp4'", _lines[0], StringComparison.Ordinal);

        File.WriteAllLines(queries, [Line("elsewhere.mp4")]);
        var message = Assert.Throws<InvalidDataException>(() => set.Load(1, _folder, null, default)).Message;
        Assert.All(["'mine'", "'elsewhere.mp4'", Video("b")], (string part) => Assert.Contains(part, message, StringComparison.Ordinal));
    }

    [Fact]
    public void WithTruth_TwoWorlds_EachVideoHasTheSentencesOfItsOwn()
    {
        ExperimentData World(string name) => Set(name, [new("train-00000.mp4", Video(name)), new("train-00001.mp4", Video(name) + "1")], []) with
        {
            Truth = [new("train-00000.mp4", $"{name} zero"), new("train-00001.mp4", $"{name} one"), new("train-00001.mp4", $"{name} uno")],
        };
        var views = new TrainingViews(new(1), new("clip", new Dictionary<string, string>()), _folder, null, default);
        var rows = new Microsoft.ML.MLContext().Data.CreateEnumerable<TrainingRow>(views.WithTruth(new(), [World("a"), World("b")]), reuseRowObject: false).ToList();

        Assert.Equal(["a/train-00000.mp4", "a/train-00001.mp4", "b/train-00000.mp4", "b/train-00001.mp4"], rows.Select(row => row.VideoId));
        Assert.Equal(["a zero", "a one+a uno", "b zero", "b one+b uno"], rows.Select(row => string.Join('+', row.Captions)));
        Assert.Equal(["train-00000.mp4", "train-00001.mp4"], new Microsoft.ML.MLContext().Data
            .CreateEnumerable<TrainingRow>(views.WithTruth(new(), [World("a")]), reuseRowObject: false).Select(row => row.VideoId));      // its frames are drawn by it
    }
}
