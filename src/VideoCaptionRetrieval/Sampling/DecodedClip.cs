using System.Runtime.ExceptionServices;

namespace VideoCaptionRetrieval.Sampling;

/// <summary>The values of a row of the frame sampler.</summary>
/// <param name="Frames">For each frame column its frames; null where the column was not wanted, or the video cannot be read.</param>
/// <param name="Times">For each frame column the times of its frames, likewise.</param>
internal sealed record DecodedClip(byte[]?[] Frames, double[]?[] Times)
{
    /// <summary>Why the video cannot be read; null where it can.</summary>
    internal ExceptionDispatchInfo? Error { get; init; }

    /// <summary>The same for people; empty where it can.</summary>
    internal string Reason { get; init; } = "";
}
