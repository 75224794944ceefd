using VideoCaptionRetrieval.Models.Imaging;

namespace VideoCaptionRetrieval.Sampling;

/// <summary>One set of frames wanted from a clip: one frame of each of <paramref name="Count"/> equal segments.</summary>
/// <param name="Count">The number of segments N, at least 1.</param>
/// <param name="Format">What the frames must look like.</param>
/// <param name="Positions">Where in its segment each frame is taken, N values in [0, 1); null = in the middle of each.</param>
internal sealed record FrameRequest(int Count, FrameFormat Format, IReadOnlyList<double>? Positions = null);
