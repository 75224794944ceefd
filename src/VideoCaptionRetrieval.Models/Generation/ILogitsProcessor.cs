namespace VideoCaptionRetrieval.Models.Generation;

/// <summary>Changes next-token scores in place: logits in greedy search, log-probabilities in beam search.</summary>
internal interface ILogitsProcessor
{
    /// <param name="sequence">All tokens so far, the start token and the prompt included.</param>
    /// <param name="scores">[V], changed in place.</param>
    void Process(ReadOnlySpan<int> sequence, Span<float> scores);
}
