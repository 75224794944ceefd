namespace VideoCaptionRetrieval.Sampling;

/// <summary>Takes a decoded frame; <paramref name="rgb"/>, [height, width, 3], is valid during the call only.</summary>
internal delegate void FrameConsumer(long timestamp, int width, int height, ReadOnlySpan<byte> rgb);

/// <summary>An opened video. Not thread-safe.</summary>
internal interface IVideoDecoder
{
    /// <summary>The video's length in seconds, as the container states it; null where it states none.</summary>
    double? StatedDuration { get; }

    /// <summary>The frames that are probably there, from what can be known without decoding; null where nothing can.</summary>
    FrameTimeline? Expected { get; }

    /// <summary>Decodes the whole video once.</summary>
    /// <param name="wanted">Timestamps of the frames to hand to <paramref name="consume"/>; of several with one timestamp, all.</param>
    /// <param name="consume">Called in decoding order on the calling thread.</param>
    /// <param name="cancellationToken">Ends the decoding.</param>
    /// <returns>The frames that are really there.</returns>
    /// <exception cref="VideoReadException">The video cannot be decoded.</exception>
    FrameTimeline Decode(IReadOnlySet<long> wanted, FrameConsumer consume, CancellationToken cancellationToken);
}
