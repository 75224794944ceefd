using System.Numerics.Tensors;

namespace VideoCaptionRetrieval.Models.Generation;

/// <summary>Decodes one text for each image, taking the best token at each step, or drawing one. Finished texts leave the batch.</summary>
internal sealed class GreedyOrSampledDecoding
{
    private readonly IStepDecoder _decoder;
    private readonly ResolvedGeneration _settings;
    private readonly IReadOnlyList<ILogitsProcessor> _processors;
    private readonly int[] _prompt;
    private readonly int[][] _sequences;
    private readonly int[] _imageAt;        // slot -> image
    private readonly GeneratedText[] _results;
    private readonly NucleusSampler? _nucleus;
    private int _slots;
    private int _length;

    /// <param name="decoder">A decoder that has not been started.</param>
    /// <param name="prompt">The start token and the prompt.</param>
    /// <param name="settings">Decoding settings.</param>
    /// <param name="seeds">One for each image; ignored where nothing is drawn.</param>
    internal GreedyOrSampledDecoding(IStepDecoder decoder, ReadOnlySpan<int> prompt, ResolvedGeneration settings, IReadOnlyList<int> seeds)
    {
        if (settings.Sampling is { } sampling) _nucleus = new(sampling, decoder.VocabularySize, seeds);
        (_decoder, _settings, _prompt, _processors) = (decoder, settings, prompt.ToArray(), settings.Processors());
        (_slots, _length) = (decoder.Images, prompt.Length);
        _imageAt = [.. Enumerable.Range(0, _slots)];
        _results = new GeneratedText[_slots];
        _sequences = new int[_slots][];
        foreach (ref var sequence in _sequences.AsSpan())
        {
            sequence = new int[settings.MaxLength];
            prompt.CopyTo(sequence);
        }
    }

    internal GeneratedText[] Run(CancellationToken cancellationToken)
    {
        var logits = new float[_slots * _decoder.VocabularySize];
        cancellationToken.ThrowIfCancellationRequested();
        _decoder.Start(_prompt, logits);
        while (true)
        {
            var tokens = Choose(logits);
            _length++;
            var kept = TextGenerator.Remaining(_slots, slot => _results[_imageAt[slot]] is not null);
            if (kept.Count == 0) return _results;
            if (kept.Count < _slots) Drop(kept, tokens);
            cancellationToken.ThrowIfCancellationRequested();
            _decoder.Step(tokens.AsSpan(0, _slots), logits.AsSpan(0, _slots * _decoder.VocabularySize));
        }
    }

    private int[] Choose(float[] logits)
    {
        var tokens = new int[_slots];
        TextGenerator.ForEachSlot(_slots, slot =>
            tokens[slot] = Choose(_imageAt[slot], logits.AsSpan(slot * _decoder.VocabularySize, _decoder.VocabularySize)));
        return tokens;
    }

    private int Choose(int image, Span<float> scores)
    {
        foreach (var processor in _processors) processor.Process(_sequences[image].AsSpan(0, _length), scores);
        var token = _nucleus?.Choose(image, scores) ?? TensorPrimitives.IndexOfMax(scores);
        TextGenerator.RequireNotNaN(scores[token]);          // IndexOfMax finds a NaN before any number
        _sequences[image][_length] = token;
        if (token == _settings.EndId || _length + 1 == _settings.MaxLength) _results[image] = new(_sequences[image][..(_length + 1)], double.NaN);
        return token;
    }

    private void Drop(List<int> kept, int[] tokens)
    {
        for (var slot = 0; slot < kept.Count; slot++)
            (_imageAt[slot], tokens[slot]) = (_imageAt[kept[slot]], tokens[kept[slot]]);
        _slots = kept.Count;
        _decoder.Reorder([.. kept], rowsPerImage: 1);
    }
}

/// <summary>
/// Draws a token from the nucleus of a distribution (Holtzman et al., arXiv 1904.09751), in the order of transformers: temperature,
/// top-k, top-p. Of tokens with equal scores the lower id ranks first. Thread-safe for different images.
/// </summary>
internal sealed class NucleusSampler
{
    private readonly Sampling _sampling;
    private readonly Random[] _random;
    private readonly int _count;                // the most tokens that one is drawn from

    /// <param name="sampling">Top-p, top-k and temperature.</param>
    /// <param name="vocabularySize">Length of a row of scores.</param>
    /// <param name="seeds">One for each image, so that its text does not depend on what else is in the batch.</param>
    internal NucleusSampler(Sampling sampling, int vocabularySize, IEnumerable<int> seeds)
    {
        var count = sampling.TopK > 0 ? Math.Min(sampling.TopK, vocabularySize) : vocabularySize;
        (_sampling, _count, _random) = (sampling, count, [.. seeds.Select(seed => new Random(seed))]);
    }

    /// <summary>Draws the next token of an image's text.</summary>
    internal int Choose(int image, ReadOnlySpan<float> scores)
    {
        var best = Best(scores);
        TextGenerator.RequireNotNaN(best[0].Score);
        var weights = new double[best.Length];
        var total = 0.0;
        for (var i = 0; i < best.Length; i++)
            total += weights[i] = Math.Exp((best[i].Score - (double)best[0].Score) / _sampling.Temperature);
        var (nucleus, mass) = (0, 0.0);
        while (nucleus < best.Length && mass < _sampling.TopP * total) mass += weights[nucleus++];
        var drawn = _random[image].NextDouble() * mass;
        for (var i = 0; i < nucleus - 1; i++)
            if ((drawn -= weights[i]) < 0) return best[i].Token;
        return best[nucleus - 1].Token;
    }

    private ReadOnlySpan<Candidate> Best(ReadOnlySpan<float> scores)
    {
        if (_count == scores.Length)
            return scores.ToArray().Select((score, token) => new Candidate(score, 0, token)).OrderByDescending(token => token.Score).ToArray();
        var best = new TopCandidates(_count);
        best.Offer(0, scores);
        return best.Best;
    }
}
