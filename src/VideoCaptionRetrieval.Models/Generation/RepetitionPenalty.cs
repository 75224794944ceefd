namespace VideoCaptionRetrieval.Models.Generation;

/// <summary>Lowers the scores of tokens that occur already (Keskar et al., CTRL, arXiv 1909.05858).</summary>
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
