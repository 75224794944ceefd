using System.Numerics.Tensors;

namespace VideoCaptionRetrieval.Models.Generation;

/// <summary>
/// The beam search of ClipCap's published code (rmokady/CLIP_prefix_caption, generate_beam): beams compete by their mean log-probability,
/// finished ones stay among them, go on with token 0 at no cost, and the search ends where all have finished. Images whose search has
/// ended leave the batch.
/// </summary>
internal sealed class AverageBeamSearch
{
    private readonly IStepDecoder _decoder;
    private readonly GenerationRules _rules;
    private readonly IReadOnlyList<ILogitsProcessor> _processors;
    private readonly int[] _prompt;
    private readonly IReadOnlyList<GeneratedText>[] _results;
    private int[] _imageAt;                 // place -> image
    private Open[][] _beams;               // place -> its texts
    private int _length;

    /// <param name="Parent">The beam of the last step that it continues.</param>
    /// <param name="Ids">All tokens so far, those after the end left out.</param>
    /// <param name="Sum">Summed log-probabilities of the generated tokens.</param>
    /// <param name="Stopped">Whether it ended.</param>
    private sealed record Open(int Parent, int[] Ids, float Sum, bool Stopped)
    {
        /// <summary>What the network reads on: of a finished text anything, since its scores are not looked at.</summary>
        internal int Next => Stopped ? 0 : Ids[^1];
    }

    internal AverageBeamSearch(IStepDecoder decoder, ReadOnlySpan<int> prompt, GenerationRules rules)
    {
        (_decoder, _rules, _prompt, _processors) = (decoder, rules, prompt.ToArray(), rules.Processors());
        _length = prompt.Length;
        _imageAt = [.. Enumerable.Range(0, decoder.Images)];
        _beams = [.. _imageAt.Select(_ => new[] { new Open(0, _prompt, 0, Stopped: false) })];
        _results = new IReadOnlyList<GeneratedText>[decoder.Images];
    }

    /// <returns>For each image all its beams, best first.</returns>
    internal IReadOnlyList<GeneratedText>[] Run(CancellationToken cancellationToken)
    {
        var vocabulary = _decoder.VocabularySize;
        var logits = new float[_imageAt.Length * _rules.Beams * vocabulary];
        cancellationToken.ThrowIfCancellationRequested();
        _decoder.Start(_prompt, logits.AsSpan(0, _imageAt.Length * vocabulary));
        for (var rowsPerImage = 1; ; rowsPerImage = _rules.Beams)
        {
            var rows = rowsPerImage;
            TextGenerator.EachPlace(_imageAt.Length, place => Advance(place, logits.AsSpan(place * rows * vocabulary, rows * vocabulary)));
            _length++;
            if (!Continue(rowsPerImage)) return _results;
            cancellationToken.ThrowIfCancellationRequested();
            var tokens = _beams.SelectMany(beams => beams.Select(beam => beam.Next)).ToArray();
            _decoder.Step(tokens, logits.AsSpan(0, tokens.Length * vocabulary));
        }
    }

    /// <summary>Extends the beams of one image by a token and decides whether the image is done.</summary>
    private void Advance(int place, Span<float> logits)
    {
        var beams = _beams[place];
        var candidates = new TopCandidates(_rules.Beams);
        for (var beam = 0; beam < beams.Length; beam++)
        {
            var scores = logits.Slice(beam * _decoder.VocabularySize, _decoder.VocabularySize);
            if (beams[beam].Stopped) KeepOnly(0, scores);
            else ToLogProbabilities(beams[beam].Ids, scores);
            TensorPrimitives.Add(scores, beams[beam].Sum, scores);
            TensorPrimitives.Divide(scores, Generated(beams[beam]), scores);
            candidates.Offer(beam, scores);
        }
        var next = new Open[_rules.Beams];
        for (var rank = 0; rank < next.Length; rank++) next[rank] = Extend(beams, candidates.Best[rank]);
        _beams[place] = next;
        if (_length + 1 < _rules.MaxLength && next.Any(beam => !beam.Stopped)) return;
        _results[_imageAt[place]] = [.. next.Select(beam => new GeneratedText(beam.Ids, beam.Sum / (beam.Ids.Length - _prompt.Length)))
            .OrderByDescending(text => text.Score)];
    }

    private Open Extend(Open[] beams, Candidate candidate)
    {
        var parent = beams[candidate.Beam];
        var sum = candidate.Score * Generated(parent);      // in this order, which rounds as the reference does
        return parent.Stopped
            ? parent with { Parent = candidate.Beam, Sum = sum }
            : new(candidate.Beam, [.. parent.Ids, candidate.Token], sum, candidate.Token == _rules.EndId);
    }

    /// <summary>Generated tokens after this step; a finished text keeps its own number.</summary>
    private float Generated(Open beam) => beam.Ids.Length - _prompt.Length + (beam.Stopped ? 0 : 1);

    private void ToLogProbabilities(int[] ids, Span<float> scores)
    {
        LogProbabilities.FromLogits(scores);
        foreach (var processor in _processors) processor.Process(ids, scores);
    }

    private static void KeepOnly(int token, Span<float> scores)
    {
        scores.Fill(float.NegativeInfinity);
        scores[token] = 0;
    }

    private bool Continue(int rowsPerImage)
    {
        var kept = TextGenerator.Remaining(_imageAt.Length, place => _results[_imageAt[place]] is not null);
        if (kept.Count == 0) return false;
        var rows = kept.SelectMany(place => _beams[place].Select(beam => (place * rowsPerImage) + beam.Parent)).ToArray();
        _beams = [.. kept.Select(place => _beams[place])];
        _imageAt = [.. kept.Select(place => _imageAt[place])];
        _decoder.Reorder(rows, _rules.Beams);
        return true;
    }
}
