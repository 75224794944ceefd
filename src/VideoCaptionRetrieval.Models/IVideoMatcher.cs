namespace VideoCaptionRetrieval.Models;

/// <summary>
/// Reads a video and texts together to say whether they match: more exact than comparing embeddings, and far slower, so that it is asked about
/// candidates alone. Thread-safe.
/// </summary>
internal interface IVideoMatcher
{
    /// <summary>What a frame must look like.</summary>
    FrameFormat FrameFormat { get; }

    /// <summary>Reads texts with one video.</summary>
    /// <param name="frames">[count, S, S, 3], RGB: the video's frames.</param>
    /// <param name="count">The number of frames.</param>
    /// <param name="texts">The texts; long ones are cut.</param>
    /// <param name="logits">[texts], written: the logit of 'they match'.</param>
    void Match(ReadOnlySpan<byte> frames, int count, IReadOnlyList<string> texts, Span<float> logits);
}
