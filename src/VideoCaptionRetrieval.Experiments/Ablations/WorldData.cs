using System.Globalization;
using VideoCaptionRetrieval.Experiments.ShapeWorld;

namespace VideoCaptionRetrieval.Experiments.Ablations;

/// <summary>Data sets of the closed world: renders their videos and writes down what is true of them.</summary>
internal static class WorldData
{
    internal const int DefaultTrainVideos = 1200, DefaultTestVideos = 1000;

    private const string Training = "train", Testing = "test";

    /// <summary>A data set. Training and test videos have names, and so random numbers, of their own.</summary>
    /// <param name="name">Its name in tables.</param>
    /// <param name="world">The world; its seed draws the videos.</param>
    /// <param name="trainVideos">Videos to train on; 0 = none, for tests alone.</param>
    /// <param name="testVideos">Videos to test on.</param>
    /// <param name="folder">Where the videos of all worlds lie.</param>
    /// <param name="progress">Takes lines for people.</param>
    /// <param name="cancellationToken">Ends the rendering; finished videos stay.</param>
    internal static ExperimentData Make(
        string name, ShapeWorldOptions world, int trainVideos, int testVideos, string folder, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        var place = Path.Combine(folder, Fingerprint.Of(world.ToString())[..12]);
        var (train, test) = (Videos(world, Training, trainVideos), Videos(world, Testing, testVideos));
        progress?.Report(string.Create(CultureInfo.InvariantCulture, $"rendering {train.Count + test.Count} videos of '{name}', seed {world.Seed}"));
        foreach (var (set, count) in new[] { (Training, trainVideos), (Testing, testVideos) }.Where(one => one.Item2 > 0))
            ShapeWorldVideos.WriteVideos(place, set, count, world, cancellationToken: cancellationToken);
        return new()
        {
            Name = name,
            Identity = string.Create(CultureInfo.InvariantCulture, $"{name} {world} {trainVideos} {testVideos}"),
            Train = Clips(train, place),
            Test = Clips(test, place),
            Queries = Sentences(test),
            Truth = Sentences(train),
            FramesPerVideo = test[0].Frames,
        };
    }

    private static List<WorldVideo> Videos(ShapeWorldOptions world, string set, int count) =>
        [.. Enumerable.Range(0, count).Select(index => new WorldVideo(world, set, index))];

    /// <summary>A name does not depend on the folder, so that neither do the frames that a training draws.</summary>
    private static List<VideoClip> Clips(IEnumerable<WorldVideo> videos, string folder) =>
        [.. videos.Select(video => new VideoClip(video.FileName, Path.Combine(folder, video.FileName)))];

    private static List<LabelledVideo> Sentences(IEnumerable<WorldVideo> videos) =>
        [.. videos.SelectMany(video => video.Sentences().Select(text => new LabelledVideo(video.FileName, text)))];
}
