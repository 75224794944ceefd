namespace VideoCaptionRetrieval.Models.Generation;

/// <summary>Forbids every token that would complete a sequence of <paramref name="size"/> tokens that occurs already.</summary>
internal sealed class NoRepeatNgram(int size) : ILogitsProcessor
{
    public void Process(ReadOnlySpan<int> sequence, Span<float> scores)
    {
        if (sequence.Length + 1 < size) return;
        var ending = sequence[(sequence.Length + 1 - size)..];      // size - 1 tokens
        for (var end = size - 1; end < sequence.Length; end++)
        {
            if (sequence.Slice(end - ending.Length, ending.Length).SequenceEqual(ending))
                scores[sequence[end]] = float.NegativeInfinity;
        }
    }
}
