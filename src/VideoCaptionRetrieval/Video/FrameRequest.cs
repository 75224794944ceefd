using VideoCaptionRetrieval.Models;

namespace VideoCaptionRetrieval.Video;

/// <summary>Requests one set of frames of a clip.</summary>
/// <param name="Count">The number of frames N, at least 1; null = as many as the selection lists.</param>
/// <param name="Format">Size, fit and crop rule of the frames.</param>
/// <param name="Positions">The position of each frame in its part, N values in [0, 1); null = the middle.</param>
public sealed record FrameRequest(int? Count, FrameFormat Format, IReadOnlyList<double>? Positions = null)
{
    /// <summary>Selects the frames; by default one of each of N equal segments.</summary>
    public FrameSelection Selection { get; init; } = FrameSelection.SegmentMiddles;

    /// <summary>Requests the frames on screen at given times, in seconds from the start of the clip.</summary>
    public static FrameRequest At(IReadOnlyList<double> times, FrameFormat format) =>
        new(null, format) { Selection = FrameSelection.At(times) };
}
