using System.Globalization;
using VideoCaptionRetrieval.Experiments.ShapeWorld;

namespace VideoCaptionRetrieval.Experiments.Ablations;

/// <summary>Data sets of the closed world: renders their videos and writes down what is true of them.</summary>
internal static class WorldData
{
    internal const int DefaultTrainVideos = 1200, DefaultTestVideos = 1000;

    private const string Training = "train";

    /// <summary>
    /// A data set. Its videos are drawn by its name, the split and their places, so that no two data sets or splits of a seed share any; none is
    /// rendered yet.
    /// </summary>
    /// <param name="name">Its name in tables.</param>
    /// <param name="world">The world; its seed draws the videos.</param>
    /// <param name="trainVideos">Videos to train on; 0 = none, for tests alone.</param>
    /// <param name="testVideos">Videos to test on.</param>
    /// <param name="split">Which videos these are.</param>
    /// <param name="folder">Where the videos of all worlds lie.</param>
    /// <param name="progress">Takes lines for people.</param>
    /// <param name="cancellationToken">Ends the rendering; finished videos stay.</param>
    internal static ExperimentData Make(
        string name, ShapeWorldOptions world, int trainVideos, int testVideos, TestSplit split, string folder, IProgress<string>? progress,
        CancellationToken cancellationToken)
    {
        world.Validate();
        var place = Path.Combine(folder, Fingerprint.Compute($"{name} {world}")[..12]);
        var (train, test) = (Videos(name, world, Training, trainVideos), Videos(name, world, SetName(split), testVideos));
        return new()
        {
            Name = name,
            Identity = string.Create(CultureInfo.InvariantCulture, $"{name} {world} {trainVideos} {testVideos} {split}"),
            Render = () =>
            {
                progress?.Report(string.Create(CultureInfo.InvariantCulture, $"rendering {train.Count + test.Count} videos of '{name}', seed {world.Seed}"));
                var files = new VideoFiles(world, new(), place);
                foreach (var videos in new[] { train, test }) files.Write(videos, null, cancellationToken);
            },
            Train = Clips(train, place),
            Test = Clips(test, place),
            Queries = Sentences(test),
            Truth = Sentences(train),
            FramesPerVideo = test[0].Frames,
        };
    }

    private static List<WorldVideo> Videos(string name, ShapeWorldOptions world, string set, int count) =>
        [.. Enumerable.Range(0, count).Select(index => new WorldVideo(world, set, index) { Series = name })];

    private static string SetName(TestSplit split) => split switch
    {
        TestSplit.Test => "test",
        TestSplit.Validation => "validation",
        _ => throw new ArgumentOutOfRangeException(nameof(split), split, $"The split '{split}' is not known."),
    };

    /// <summary>A name does not depend on the folder, so that neither do the frames that a training draws.</summary>
    private static List<VideoClip> Clips(IEnumerable<WorldVideo> videos, string folder) =>
        [.. videos.Select(video => new VideoClip(video.FileName, Path.Combine(folder, video.FileName)))];

    private static List<LabelledVideo> Sentences(IEnumerable<WorldVideo> videos) =>
        [.. videos.SelectMany(video => video.Sentences().Select(text => new LabelledVideo(video.FileName, text)))];
}

/// <summary>The videos of a world that a model is measured on.</summary>
public enum TestSplit
{
    /// <summary>Those that results are published of.</summary>
    Test,

    /// <summary>Others, to choose settings by.</summary>
    Validation,
}
