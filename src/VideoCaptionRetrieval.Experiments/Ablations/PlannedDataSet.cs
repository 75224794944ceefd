using VideoCaptionRetrieval.Data;

namespace VideoCaptionRetrieval.Experiments.Ablations;

/// <summary>A data set of a plan: of the closed world, or of files.</summary>
public sealed class PlannedDataSet
{
    /// <summary>Its name in tables.</summary>
    public string Name { get; init; } = "";

    /// <summary>The world; its seed is that of the run.</summary>
    public ShapeWorldOptions? World { get; init; }

    /// <summary>Videos of the world to train on.</summary>
    public int TrainVideos { get; init; } = WorldData.DefaultTrainVideos;

    /// <summary>Videos of the world to test on.</summary>
    public int TestVideos { get; init; } = WorldData.DefaultTestVideos;

    /// <summary>Which videos of the world to test on.</summary>
    /// <value>The default value is <see cref="TestSplit.Test"/>.</value>
    public TestSplit Split { get; init; } = TestSplit.Test;

    /// <summary>Videos to train on: a file, folder or list.</summary>
    public string? Train { get; init; }

    /// <summary>Videos to test on.</summary>
    public string? Test { get; init; }

    /// <summary>Lines {"video","text"} about the test videos.</summary>
    public string? Queries { get; init; }

    /// <summary>Lines {"video","text"} about the training videos, for conditions that train on the truth.</summary>
    public string? Truth { get; init; }

    /// <summary>Names the videos of a world, or lists those of files.</summary>
    internal ExperimentData Load(int seed, string videoFolder, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        if (World is not null)
            return WorldData.Make(Name, World with { Seed = seed }, TrainVideos, TestVideos, Split, videoFolder, progress, cancellationToken);
        var (train, test) = (VideoListing.Read([Train!]), VideoListing.Read([Test!]));
        var files = new[] { Queries!, Truth }.OfType<string>().ToList();
        var data = new ExperimentData
        {
            Name = Name,
            Identity = Fingerprint.Compute(string.Join('\n', train.Concat(test).Select(Content).Concat(files.Select(File.ReadAllText)))),
            Train = train,
            Test = test,
            Queries = LabelledVideo.Read(Queries!),
            Truth = Truth is null ? [] : LabelledVideo.Read(Truth),
        };
        RequireKnown(data.Queries, test, Queries!, "test", progress);
        if (Truth is not null) RequireKnown(data.Truth, train, Truth, "training", progress);
        return data;
    }

    /// <summary>Says which lines are about no video, and are left out.</summary>
    /// <exception cref="InvalidDataException">No line is about any of the videos.</exception>
    private void RequireKnown(IReadOnlyList<LabelledVideo> lines, IReadOnlyList<VideoClip> videos, string file, string kind, IProgress<string>? progress)
    {
        var names = videos.Select(clip => VideoListing.Normalise(clip.VideoId)).ToHashSet(StringComparer.Ordinal);
        var unknown = lines.Where(line => !names.Contains(line.VideoId)).ToList();
        if (unknown.Count == 0 && lines.Count > 0) return;
        if (unknown.Count == lines.Count)
        {
            throw new InvalidDataException($"Data set '{Name}': none of the {lines.Count} lines of '{file}' is about one of the {names.Count} {kind} videos, which "
                + $"are named as they are given, such as '{videos[0].VideoId}'{(unknown.Count > 0 ? $"; the first line is about '{unknown[0].VideoId}'" : "")}.");
        }
        progress?.Report($"data set '{Name}': {unknown.Count} of {lines.Count} lines of '{file}' are left out, for they are about no {kind} video, such as "
            + $"'{unknown[0].VideoId}'");
    }

    internal IEnumerable<string> Faults()
    {
        if (Name.Length == 0) yield return "a data set has no name";
        var files = new[] { Train, Test, Queries };
        if (World is null ? files.Any(file => file is null) : files.Append(Truth).Any(file => file is not null))
            yield return $"data set '{Name}' needs either \"world\", or \"train\", \"test\" and \"queries\"";
        if (TrainVideos < 2 || TestVideos < 2) yield return $"data set '{Name}' needs at least 2 videos to train and 2 to test on";
    }

    private static string Content(VideoClip clip)
    {
        var file = new FileInfo(clip.Path);
        return Invariant($"{clip} {file.Length} {file.LastWriteTimeUtc.Ticks}");
    }
}
