namespace VideoCaptionRetrieval.Models;

/// <summary>An image tower and a text tower that embed into one space (CLIP). All members are thread-safe, except Dispose.</summary>
public interface IDualEncoder : IDisposable
{
    /// <summary>Length D of an embedding.</summary>
    int Dimension { get; }

    /// <summary>Size, fit and crop rule of the frames it takes.</summary>
    FrameFormat FrameFormat { get; }

    /// <summary>Embeds frames; results are projected and not normalised.</summary>
    /// <param name="frames">[count, S, S, 3], RGB.</param>
    /// <param name="count">The number of frames.</param>
    /// <param name="embeddings">[count, D], written.</param>
    void EmbedFrames(ReadOnlySpan<byte> frames, int count, Span<float> embeddings);

    /// <summary>Embeds texts; results are projected and not normalised. Long texts are truncated to the context length.</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="embeddings">[texts, D], written.</param>
    void EmbedTexts(IReadOnlyList<string> texts, Span<float> embeddings);
}

/// <summary>Checks the lengths of an encoder's inputs and outputs.</summary>
public static class EmbeddingSpans
{
    /// <exception cref="ArgumentException">The span of embeddings has another length than <paramref name="count"/> · D.</exception>
    public static void Check(IDualEncoder encoder, int count, int length)
    {
        var expected = (long)count * encoder.Dimension;
        if (length == expected) return;
        throw new ArgumentException($"{count} embeddings of {encoder.Dimension} need {expected} values; got room for {length}.", nameof(count));
    }

    /// <exception cref="ArgumentException">The frames or the span of embeddings have another length than the count requires.</exception>
    public static void Check(IDualEncoder encoder, int frameBytes, int count, int length)
    {
        Check(encoder, count, length);
        var (size, expected) = (encoder.FrameFormat.Size, (long)count * encoder.FrameFormat.FrameBytes);
        if (frameBytes == expected) return;
        throw new ArgumentException($"{count} frames of {size}x{size} have {expected} bytes; got {frameBytes}.", nameof(count));
    }
}
