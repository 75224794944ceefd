using VideoCaptionRetrieval.Data;

namespace VideoCaptionRetrieval.Experiments.Ablations;

/// <summary>A data set: videos to train on, other videos to test on, and what is true of them.</summary>
internal sealed record ExperimentData
{
    /// <summary>Its name in tables and plans.</summary>
    internal required string Name { get; init; }

    /// <summary>A text that changes with its content: results are kept under it.</summary>
    internal required string Identity { get; init; }

    /// <summary>Videos to train on.</summary>
    internal required IReadOnlyList<VideoClip> Train { get; init; }

    /// <summary>Videos to test on; none of them is in <see cref="Train"/>.</summary>
    internal required IReadOnlyList<VideoClip> Test { get; init; }

    /// <summary>What is asked for in the test.</summary>
    internal required IReadOnlyList<LabelledVideo> Queries { get; init; }

    /// <summary>What people say of the training videos; used by conditions that ask for it, and empty where nobody said anything.</summary>
    internal IReadOnlyList<LabelledVideo> Truth { get; init; } = [];

    /// <summary>Writes the videos that are not there yet; they are there already where they are files of the user's.</summary>
    internal Action Render { get; init; } = () => { };

    /// <summary>The video of each query, as a number: queries of one video are one cluster.</summary>
    internal IReadOnlyList<int> QueryClusters
    {
        get
        {
            var numbers = Queries.Select(query => query.VideoId).Distinct().Index().ToDictionary(one => one.Item, one => one.Index);
            return [.. Queries.Select(query => numbers[query.VideoId])];
        }
    }

    /// <summary>Frames of a video that are worth keeping from its one decoding; 0 = those that are asked for.</summary>
    internal int FramesPerVideo { get; init; }
}

/// <summary>A video and one sentence about it.</summary>
/// <param name="VideoId">The video's name, normalised (<see cref="VideoListing.Normalise"/>).</param>
/// <param name="Text">The sentence.</param>
internal sealed record LabelledVideo(string VideoId, string Text)
{
    /// <summary>Reads lines {"video","text"}.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">A line is broken.</exception>
    internal static IReadOnlyList<LabelledVideo> Read(string path) =>
        JsonLines.Read(path, line => new LabelledVideo(VideoListing.Normalise(line.Clip().VideoId), line.RequiredText("text")));
}
