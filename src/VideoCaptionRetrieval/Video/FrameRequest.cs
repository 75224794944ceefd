using VideoCaptionRetrieval.Models;

namespace VideoCaptionRetrieval.Video;

/// <summary>One set of frames wanted from a clip.</summary>
/// <param name="Count">The number of frames N, at least 1; null = as many as the selection names.</param>
/// <param name="Format">What the frames must look like.</param>
/// <param name="Positions">Where in its part each frame is taken, N values in [0, 1); null = in the middle of each.</param>
internal sealed record FrameRequest(int? Count, FrameFormat Format, IReadOnlyList<double>? Positions = null)
{
    /// <summary>Which frames; by default one of each of N equal segments.</summary>
    internal FrameSelection Selection { get; init; } = FrameSelection.SegmentMiddles;

    /// <summary>Asks for the frames that are on screen at given times from the beginning of the clip.</summary>
    internal static FrameRequest At(IReadOnlyList<double> times, FrameFormat format) =>
        new(null, format) { Selection = FrameSelection.At(times) };
}
