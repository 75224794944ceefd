using VideoCaptionRetrieval.Video.Timeline;

namespace VideoCaptionRetrieval.Video.Decoding;

/// <summary>Receives a decoded frame; <paramref name="rgb"/>, [height, width, 3], is valid during the call only.</summary>
internal delegate void FrameConsumer(long timestamp, int width, int height, ReadOnlySpan<byte> rgb);

/// <summary>An opened video. Not thread-safe.</summary>
internal interface IVideoDecoder : IVideoMetadata
{
    /// <summary>The expected times of the frames, known without decoding; null where nothing is known.</summary>
    FrameTimeline? Expected { get; }

    /// <summary>Plans how to decode the frames that are on screen at given times.</summary>
    /// <param name="times">Seconds from the first frame, in any order.</param>
    /// <param name="known">The times of frames that a decode has shown; null = none, the expected ones are used.</param>
    /// <param name="onePass">Whether to plan one pass only.</param>
    /// <returns>Null where not enough is known to pick frames.</returns>
    DecodePlan? Plan(IReadOnlyList<double> times, FrameTimeline? known, bool onePass);

    /// <summary>Decodes by a plan.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="consume">
    /// Receives the wanted frames, and possibly others, on the calling thread; all of several with one timestamp.
    /// </param>
    /// <param name="cancellationToken">Cancels the decoding.</param>
    /// <returns>The times of the decoded frames; null where a plan other than one pass gave frames that cannot be trusted.</returns>
    /// <exception cref="VideoReadException">The video cannot be decoded.</exception>
    FrameTimeline? Decode(DecodePlan plan, FrameConsumer consume, CancellationToken cancellationToken);
}
