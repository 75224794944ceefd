namespace VideoCaptionRetrieval.Models;

/// <summary>
/// Scores whether a video and texts match by reading them together: more exact than comparing embeddings, and far slower, so only candidates
/// are scored. Thread-safe.
/// </summary>
public interface IVideoMatcher
{
    /// <summary>Size, fit and crop rule of the frames it takes.</summary>
    FrameFormat FrameFormat { get; }

    /// <summary>Scores texts against one video.</summary>
    /// <param name="frames">[count, S, S, 3], RGB: the video's frames.</param>
    /// <param name="count">The number of frames.</param>
    /// <param name="texts">The texts; long ones are truncated.</param>
    /// <param name="logits">[texts], written: the logit of 'match'.</param>
    void Match(ReadOnlySpan<byte> frames, int count, IReadOnlyList<string> texts, Span<float> logits);
}
