namespace VideoCaptionRetrieval.Models.Generation;

/// <summary>Forbids the end token as long as the text is shorter than <paramref name="length"/>.</summary>
internal sealed class MinLength(int length, int endId) : ILogitsProcessor
{
    public void Process(ReadOnlySpan<int> sequence, Span<float> scores)
    {
        if (sequence.Length < length) scores[endId] = float.NegativeInfinity;
    }
}
