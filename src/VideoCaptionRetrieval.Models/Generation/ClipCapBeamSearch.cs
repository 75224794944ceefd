using System.Numerics.Tensors;

namespace VideoCaptionRetrieval.Models.Generation;

/// <summary>
/// Searches as ClipCap's published code does (rmokady/CLIP_prefix_caption, generate_beam): beams compete by their mean log-probability,
/// finished ones stay among them, continue with token 0 at no cost, and the search ends when all have finished.
/// </summary>
internal sealed class ClipCapBeamSearch : BeamSearchBase<ClipCapBeamSearch.Text, IReadOnlyList<GeneratedText>>
{
    /// <param name="Parent">The beam of the last step that it continues.</param>
    /// <param name="Ids">All tokens so far, up to the end token.</param>
    /// <param name="Sum">Summed log-probabilities of the generated tokens.</param>
    /// <param name="Stopped">Whether it has ended.</param>
    internal sealed record Text(int Parent, int[] Ids, float Sum, bool Stopped) : IBeam
    {
        /// <summary>The token that the network reads next: any token for a finished text, whose scores are not used.</summary>
        public int Next => Stopped ? 0 : Ids[^1];
    }

    internal ClipCapBeamSearch(IStepDecoder decoder, ReadOnlySpan<int> prompt, ResolvedGeneration settings)
        : base(decoder, prompt, settings, ids => new(0, ids, 0, Stopped: false))
    {
    }

    /// <inheritdoc />
    /// <remarks>The result holds all beams of the image, best first.</remarks>
    protected override Text[] Advance(int image, Text[] beams, Span<float> logits, out IReadOnlyList<GeneratedText>? result)
    {
        var candidates = new TopCandidates(Settings.Beams);
        for (var beam = 0; beam < beams.Length; beam++)
        {
            var scores = logits.Slice(beam * Decoder.VocabularySize, Decoder.VocabularySize);
            if (beams[beam].Stopped) KeepOnly(0, scores);
            else ToLogProbabilities(beams[beam].Ids, scores);
            TensorPrimitives.Add(scores, beams[beam].Sum, scores);
            TensorPrimitives.Divide(scores, Generated(beams[beam]), scores);
            candidates.Offer(beam, scores);
        }
        var next = new Text[Settings.Beams];
        for (var rank = 0; rank < next.Length; rank++) next[rank] = Extend(beams, candidates.Best[rank]);
        result = Length + 1 < Settings.MaxLength && next.Any(beam => !beam.Stopped) ? null : [.. next
            .Select(beam => new GeneratedText(beam.Ids, beam.Sum / (beam.Ids.Length - Prompt.Length)))
            .OrderByDescending(text => text.Score)];
        return next;
    }

    private Text Extend(Text[] beams, Candidate candidate)
    {
        var parent = beams[candidate.Beam];
        var sum = candidate.Score * Generated(parent);      // in this order, which rounds as the reference does
        return parent.Stopped
            ? parent with { Parent = candidate.Beam, Sum = sum }
            : new(candidate.Beam, [.. parent.Ids, candidate.Token], sum, candidate.Token == Settings.EndId);
    }

    /// <summary>Generated tokens after this step; a finished text keeps its own number.</summary>
    private float Generated(Text beam) => beam.Ids.Length - Prompt.Length + (beam.Stopped ? 0 : 1);

    private static void KeepOnly(int token, Span<float> scores)
    {
        scores.Fill(float.NegativeInfinity);
        scores[token] = 0;
    }
}
