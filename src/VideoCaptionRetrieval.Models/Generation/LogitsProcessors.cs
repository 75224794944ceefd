namespace VideoCaptionRetrieval.Models.Generation;

/// <summary>Changes next-token scores in place: logits in greedy search, log-probabilities in beam search.</summary>
internal interface ILogitsProcessor
{
    /// <param name="sequence">All tokens so far, the start token and the prompt included.</param>
    /// <param name="scores">[V], changed in place.</param>
    void Process(ReadOnlySpan<int> sequence, Span<float> scores);
}

/// <summary>Forbids the end token while the text is shorter than <paramref name="length"/> tokens.</summary>
internal sealed class MinLength(int length, int endId) : ILogitsProcessor
{
    public void Process(ReadOnlySpan<int> sequence, Span<float> scores)
    {
        if (sequence.Length < length) scores[endId] = float.NegativeInfinity;
    }
}

/// <summary>Forbids every token that would repeat a sequence of <paramref name="size"/> tokens.</summary>
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

/// <summary>Lowers the scores of tokens that have occurred (Keskar et al., CTRL, arXiv 1909.05858).</summary>
internal sealed class RepetitionPenalty(float penalty) : ILogitsProcessor
{
    public void Process(ReadOnlySpan<int> sequence, Span<float> scores)
    {
        for (var i = 0; i < sequence.Length; i++)
        {
            var token = sequence[i];
            if (sequence[..i].Contains(token)) continue;            // however often a token occurs, it is penalised once
            scores[token] = scores[token] < 0 ? scores[token] * penalty : scores[token] / penalty;
        }
    }
}
