using VideoCaptionRetrieval.Experiments.ImageModels;

namespace VideoCaptionRetrieval.Experiments.Tests.ImageModels;

public sealed class ImageModelTrainingTests : IDisposable
{
    private static readonly StageOptions Short = new(Steps: 3, BatchSize: 4, LearningRate: 1e-3, WarmupSteps: 1);
    private static readonly ImageModelOptions Few = new() { Eye = Short, Clip = Short, Blip = Short, ClipCap = Short, BlipRetrieval = Short, BlipMatching = Short };
    private readonly string _root = Directory.CreateTempSubdirectory("vcr-image-models-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private string Place(string name) => Path.Combine(_root, name);

    private Dictionary<string, byte[]> Train(string name, ImageModelOptions options)
    {
        ImageModelTraining.Run(ColouredSquares.Data(12), Place(name), options);
        return Files(Place(name));
    }

    private static Dictionary<string, byte[]> Files(string folder) => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
        .ToDictionary(path => Path.GetRelativePath(folder, path), File.ReadAllBytes);

    private static void AssertSame(Dictionary<string, byte[]> expected, Dictionary<string, byte[]> found)
    {
        Assert.Equal(expected.Keys.Order(), found.Keys.Order());
        Assert.All(expected, file => Assert.True(file.Value.AsSpan().SequenceEqual(found[file.Key]), file.Key));
    }

    [Fact]
    public void Run_SameSeed_SameBits()
    {
        var first = Train("first", Few);
        AssertSame(first, Train("second", Few));
        var other = Train("other", Few with { Seed = 2 });
        foreach (var weights in first.Keys.Where(name => name.EndsWith(".safetensors", StringComparison.Ordinal)))
            Assert.NotEqual(first[weights], other[weights]);
    }

    [Fact]
    public void Run_Interrupted_GoesOnToTheSameBits()
    {
        var whole = Train("whole", Few);
        Cut("clip eye");
        Assert.True(File.Exists(Path.Combine(Place("cut"), "clip.eye.safetensors")));
        Assert.False(Directory.Exists(Path.Combine(Place("cut"), "clip")));
        Cut("clip");
        Assert.True(Directory.Exists(Path.Combine(Place("cut"), "clip")));
        Assert.False(Directory.Exists(Path.Combine(Place("cut"), "clipcap")));
        AssertSame(whole, Train("cut", Few));
    }

    [Theory]
    [InlineData("clipcap", "clipcap")]
    [InlineData("blip-retrieval", "blip-retrieval", "blip-retrieval matching")]
    public void Run_OneModelMissing_MakesItAlone(string model, params string[] stages)
    {
        var before = Train("models", Few);
        Directory.Delete(Path.Combine(Place("models"), model), recursive: true);
        var reports = new ReportList();
        ImageModelTraining.Run(ColouredSquares.Data(12), Place("models"), Few, reports);
        Assert.Equal(stages, reports.All.Select(report => report.Stage).Distinct());
        AssertSame(before, Files(Place("models")));
    }

    [Fact]
    public void Run_FaultyDataAndOptions_AllListed()
    {
        var data = ColouredSquares.Data(12);
        var faulty = data with
        {
            Words = [.. data.Words, "Red"],
            Tagged = data.Tagged with { Classes = [1, 2] },
            AltText = data.AltText with { Captions = [.. data.AltText.Captions.Skip(1)] },
            Careful = data.Careful with { Captions = [.. data.Careful.Captions.Skip(1), "a purple square"] },
        };
        var error = Assert.Throws<ArgumentException>(() =>
            ImageModelTraining.Run(faulty, Place("none"), Few with { Clip = Short with { Steps = 0 } }));
        foreach (var part in new[] { "'Red'", "an image has tags", "11 of them described", "'a purple square'", "Clip.Steps is '0'" })
            Assert.Contains(part, error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Place("none")));
    }

    /// <summary>A run that ends behind a stage.</summary>
    private void Cut(string stage)
    {
        using var cancellation = new CancellationTokenSource();
        var report = new CancelAt(stage, cancellation);
        Assert.Throws<OperationCanceledException>(() =>
            ImageModelTraining.Run(ColouredSquares.Data(12), Place("cut"), Few, report, cancellation.Token));
    }

    /// <summary>Cancels once a stage reports; its last step is done then, so the next look at the token is another stage's.</summary>
    private sealed class CancelAt(string stage, CancellationTokenSource cancellation) : IProgress<ImageModelProgress>
    {
        public void Report(ImageModelProgress value)
        {
            if (value.Stage == stage) cancellation.Cancel();
        }
    }
}
