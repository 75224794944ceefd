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

    /// <summary>Videos to train on: a file, folder or list.</summary>
    public string? Train { get; init; }

    /// <summary>Videos to test on.</summary>
    public string? Test { get; init; }

    /// <summary>Lines {"video","text"} about the test videos.</summary>
    public string? Queries { get; init; }

    /// <summary>Lines {"video","text"} about the training videos, for conditions that train on the truth.</summary>
    public string? Truth { get; init; }

    /// <summary>Renders or lists the videos.</summary>
    internal ExperimentData Load(int seed, string videoFolder, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        if (World is not null)
            return WorldData.Make(Name, World with { Seed = seed }, TrainVideos, TestVideos, videoFolder, progress, cancellationToken);
        var (train, test) = (VideoListing.Read([Train!]), VideoListing.Read([Test!]));
        if (train.Select(clip => clip.VideoId).Intersect(test.Select(clip => clip.VideoId)).FirstOrDefault() is { } both)
            throw new InvalidDataException($"Data set '{Name}': '{both}' is both trained and tested on.");
        var files = new[] { Queries!, Truth }.OfType<string>().ToList();
        return new()
        {
            Name = Name,
            Identity = Fingerprint.Of(string.Join('\n', train.Concat(test).Select(Content).Concat(files.Select(File.ReadAllText)))),
            Train = train,
            Test = test,
            Queries = LabelledVideo.Read(Queries!),
            Truth = Truth is null ? [] : LabelledVideo.Read(Truth),
        };
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
