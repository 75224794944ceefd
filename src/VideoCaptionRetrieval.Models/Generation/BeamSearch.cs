using System.Numerics.Tensors;

namespace VideoCaptionRetrieval.Models.Generation;

/// <summary>Beam search as in transformers 4.46.</summary>
internal sealed class BeamSearch : BeamSearchBase<Beam, GeneratedText>
{
    private readonly BeamHypotheses[] _hypotheses;

    internal BeamSearch(IStepDecoder decoder, ReadOnlySpan<int> prompt, ResolvedGeneration rules)
        : base(decoder, prompt, rules, ids => new(0, ids, 0)) =>
        _hypotheses = [.. Enumerable.Range(0, decoder.Images).Select(_ => new BeamHypotheses(rules))];

    /// <inheritdoc />
    protected override Beam[] Advance(int image, Beam[] beams, Span<float> logits, out GeneratedText? result)
    {
        var hypotheses = _hypotheses[image];
        var candidates = new TopCandidates(2 * Rules.Beams);     // at most half of them end
        for (var beam = 0; beam < beams.Length; beam++)
        {
            var scores = logits.Slice(beam * Decoder.VocabularySize, Decoder.VocabularySize);
            ToLogProbabilities(beams[beam].Ids, scores);
            TensorPrimitives.Add(scores, beams[beam].LogProbability, scores);
            candidates.Offer(beam, scores);
        }
        var next = Select(beams, candidates.Best, hypotheses);
        var generated = Length + 1 - Prompt.Length;
        var done = hypotheses.IsDone(candidates.Best[0].Score, generated);
        var full = Length + 1 >= Rules.MaxLength;
        if (full && !done)
            foreach (var beam in next) hypotheses.Add(beam.Ids, beam.LogProbability, generated);
        result = full || done ? hypotheses.Best : null;
        return next;
    }

    /// <summary>
    /// An end among the best candidates finishes a text, one ranked below the beams is dropped; the best others stay open.
    /// </summary>
    private Beam[] Select(Beam[] open, ReadOnlySpan<Candidate> best, BeamHypotheses hypotheses)
    {
        var next = new List<Beam>(Rules.Beams);
        for (var rank = 0; next.Count < Rules.Beams; rank++)
        {
            var candidate = best[rank];
            int[] ids = [.. open[candidate.Beam].Ids, candidate.Token];
            if (candidate.Token != Rules.EndId) next.Add(new(candidate.Beam, ids, candidate.Score));
            else if (rank < Rules.Beams) hypotheses.Add(ids, candidate.Score, ids.Length - Prompt.Length);
        }
        return [.. next];
    }
}
