using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.Models.Imaging;

namespace VideoCaptionRetrieval.Sampling;

/// <summary>
/// One set of frames wanted from a clip: one frame of each of <paramref name="Count"/> equal segments, or those of given times.
/// </summary>
/// <param name="Count">The number of segments N, at least 1.</param>
/// <param name="Format">What the frames must look like.</param>
/// <param name="Positions">Where in its segment each frame is taken, N values in [0, 1); null = in the middle of each.</param>
internal sealed record FrameRequest(int Count, FrameFormat Format, IReadOnlyList<double>? Positions = null)
{
    /// <summary>The times of the frames, N values in seconds from the video's first frame, in order; null = by segments.</summary>
    internal IReadOnlyList<double>? Times { get; private init; }

    /// <summary>Asks for the frames that are on screen at given times, whatever part of the video the clip is.</summary>
    internal static FrameRequest At(IReadOnlyList<double> times, FrameFormat format) => new(times.Count, format) { Times = times };
}
