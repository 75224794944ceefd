namespace VideoCaptionRetrieval.Models.Clip;

/// <summary>Checks the lengths of what an encoder reads and writes.</summary>
internal static class EmbeddingSpans
{
    /// <exception cref="ArgumentException">The room for embeddings has another length than <paramref name="count"/> · D.</exception>
    internal static void Check(IDualEncoder encoder, int count, int length)
    {
        var expected = (long)count * encoder.Dimension;
        if (length == expected) return;
        throw new ArgumentException($"{count} embeddings of {encoder.Dimension} need {expected} values; got room for {length}.", nameof(count));
    }

    /// <exception cref="ArgumentException">The frames, or the room for embeddings, have another length than the count asks for.</exception>
    internal static void Check(IDualEncoder encoder, int frameBytes, int count, int length)
    {
        Check(encoder, count, length);
        var (size, expected) = (encoder.FrameFormat.Size, (long)count * encoder.FrameFormat.FrameBytes);
        if (frameBytes == expected) return;
        throw new ArgumentException($"{count} frames of {size}x{size} have {expected} bytes; got {frameBytes}.", nameof(count));
    }
}
