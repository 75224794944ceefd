using VideoCaptionRetrieval.Data;

namespace VideoCaptionRetrieval.Experiments.Ablations;

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
