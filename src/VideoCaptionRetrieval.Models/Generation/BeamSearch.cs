using System.Numerics.Tensors;

namespace VideoCaptionRetrieval.Models.Generation;

/// <summary>
/// Beam search as in transformers 4.46; finished images leave the batch. The first step runs one row for each image, because all
/// beams still read the same.
/// </summary>
internal sealed class BeamSearch
{
    private readonly IStepDecoder _decoder;
    private readonly GenerationRules _rules;
    private readonly IReadOnlyList<ILogitsProcessor> _processors;
    private readonly int[] _prompt;
    private readonly BeamHypotheses[] _hypotheses;
    private readonly GeneratedText[] _results;
    private int[] _imageAt;                 // place -> image
    private Beam[][] _beams;               // place -> its open texts
    private int _length;

    internal BeamSearch(IStepDecoder decoder, ReadOnlySpan<int> prompt, GenerationRules rules)
    {
        (_decoder, _rules, _prompt, _processors) = (decoder, rules, prompt.ToArray(), rules.Processors());
        _length = prompt.Length;
        _imageAt = [.. Enumerable.Range(0, decoder.Images)];
        _beams = [.. _imageAt.Select(_ => new[] { new Beam(0, _prompt, 0) })];
        _hypotheses = [.. _imageAt.Select(_ => new BeamHypotheses(rules))];
        _results = new GeneratedText[decoder.Images];
    }

    internal GeneratedText[] Run(CancellationToken cancellationToken)
    {
        var (vocabulary, beams) = (_decoder.VocabularySize, _rules.Beams);
        var logits = new float[_imageAt.Length * beams * vocabulary];
        cancellationToken.ThrowIfCancellationRequested();
        _decoder.Start(_prompt, logits.AsSpan(0, _imageAt.Length * vocabulary));
        for (var rowsPerImage = 1; ; rowsPerImage = beams)
        {
            var rows = rowsPerImage;
            TextGenerator.EachPlace(_imageAt.Length, place => Advance(place, logits.AsSpan(place * rows * vocabulary, rows * vocabulary)));
            _length++;
            if (!Continue(rowsPerImage)) return _results;
            cancellationToken.ThrowIfCancellationRequested();
            var tokens = _beams.SelectMany(open => open.Select(beam => beam.Ids[^1])).ToArray();
            _decoder.Step(tokens, logits.AsSpan(0, tokens.Length * vocabulary));
        }
    }

    /// <summary>Extends the beams of one image by a token and decides whether the image is done.</summary>
    private void Advance(int place, Span<float> logits)
    {
        var (open, hypotheses) = (_beams[place], _hypotheses[_imageAt[place]]);
        var candidates = new TopCandidates(2 * _rules.Beams);     // at most half of them end
        for (var beam = 0; beam < open.Length; beam++)
        {
            var scores = logits.Slice(beam * _decoder.VocabularySize, _decoder.VocabularySize);
            LogProbabilities.FromLogits(scores);
            foreach (var processor in _processors) processor.Process(open[beam].Ids, scores);
            TensorPrimitives.Add(scores, open[beam].LogProbability, scores);
            candidates.Offer(beam, scores);
        }
        _beams[place] = Select(open, candidates.Best, hypotheses);
        var generated = _length + 1 - _prompt.Length;
        var done = hypotheses.IsDone(candidates.Best[0].Score, generated);
        if (!done && _length + 1 < _rules.MaxLength) return;
        if (!done)
            foreach (var beam in _beams[place]) hypotheses.Add(beam.Ids, beam.LogProbability, generated);
        _results[_imageAt[place]] = hypotheses.Best;
    }

    /// <summary>
    /// An end among the best candidates finishes a text, one ranked below the beams is dropped; the best others stay open.
    /// </summary>
    private Beam[] Select(Beam[] open, ReadOnlySpan<Candidate> best, BeamHypotheses hypotheses)
    {
        var next = new List<Beam>(_rules.Beams);
        for (var rank = 0; next.Count < _rules.Beams; rank++)
        {
            var candidate = best[rank];
            int[] ids = [.. open[candidate.Beam].Ids, candidate.Token];
            if (candidate.Token != _rules.EndId) next.Add(new(candidate.Beam, ids, candidate.Score));
            else if (rank < _rules.Beams) hypotheses.Add(ids, candidate.Score, ids.Length - _prompt.Length);
        }
        return [.. next];
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
