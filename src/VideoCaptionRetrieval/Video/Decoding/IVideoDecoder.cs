using VideoCaptionRetrieval.Video.Timeline;

namespace VideoCaptionRetrieval.Video.Decoding;

/// <summary>Takes a decoded frame; <paramref name="rgb"/>, [height, width, 3], is valid during the call only.</summary>
internal delegate void FrameConsumer(long timestamp, int width, int height, ReadOnlySpan<byte> rgb);

/// <summary>An opened video. Not thread-safe.</summary>
internal interface IVideoDecoder : IVideoMetadata
{
    /// <summary>The frames that are probably there, from what can be known without decoding; null where nothing can.</summary>
    FrameTimeline? Expected { get; }

    /// <summary>Plans how to reach the frames that are on screen at some times.</summary>
    /// <param name="times">Seconds from the first frame, in any order.</param>
    /// <param name="known">When frames are on screen, from a decode; null = nothing is known but what is expected.</param>
    /// <param name="onePass">Whether only one pass may be planned.</param>
    /// <returns>Null where not enough is known to pick frames.</returns>
    DecodePlan? Plan(IReadOnlyList<double> times, FrameTimeline? known, bool onePass);

    /// <summary>Decodes what a plan says.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="consume">
    /// Takes the wanted frames, and maybe others, on the calling thread; of several with one timestamp, all.
    /// </param>
    /// <param name="cancellationToken">Ends the decoding.</param>
    /// <returns>The frames that are really there; null where a plan other than one pass gave what cannot be trusted.</returns>
    /// <exception cref="VideoReadException">The video cannot be decoded.</exception>
    FrameTimeline? Decode(DecodePlan plan, FrameConsumer consume, CancellationToken cancellationToken);
}
