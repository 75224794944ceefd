using VideoCaptionRetrieval.Cli.Inputs;

namespace VideoCaptionRetrieval.Cli.Commands;

/// <summary>What 'vcr fit' was asked to do.</summary>
/// <param name="Paths">Videos.</param>
/// <param name="Clip">The CLIP to start from.</param>
/// <param name="Captioners">Captioners; none where captions come from a file.</param>
/// <param name="Captions">A file of captions, or null.</param>
/// <param name="Output">The model to write.</param>
internal sealed record FitSettings(IReadOnlyList<string> Paths, string Clip, CaptionerSettings Captioners, string? Captions, string Output)
{
    /// <summary>Frames of a video; null = the model's own count.</summary>
    internal required int? Frames { get; init; }

    /// <summary>PATH=N: how often the videos of a path are drawn.</summary>
    internal required IReadOnlyList<string> Weights { get; init; }

    internal required MultiCaptionRetrievalOptions Training { get; init; }

    /// <summary>Finished captions, until the model is written.</summary>
    internal string CaptionStore => Output + ".captions";

    /// <summary>Where the training stands, until the model is written.</summary>
    internal string Checkpoints => Output + ".training";
}
