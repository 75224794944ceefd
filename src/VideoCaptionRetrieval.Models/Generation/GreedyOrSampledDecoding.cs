using System.Numerics.Tensors;

namespace VideoCaptionRetrieval.Models.Generation;

/// <summary>One text for each image, token by token: the best one, or one that is drawn. Finished texts leave the batch.</summary>
internal sealed class GreedyOrSampledDecoding
{
    private readonly IStepDecoder _decoder;
    private readonly ResolvedGeneration _rules;
    private readonly IReadOnlyList<ILogitsProcessor> _processors;
    private readonly int[] _prompt;
    private readonly int[][] _sequences;
    private readonly int[] _imageAt;        // place -> image
    private readonly GeneratedText[] _results;
    private readonly NucleusSampler? _nucleus;
    private int _places;
    private int _length;

    /// <param name="decoder">A decoder that has not been started.</param>
    /// <param name="prompt">The start token and the prompt.</param>
    /// <param name="rules">Decoding settings.</param>
    /// <param name="seeds">One for each image; without meaning where nothing is drawn.</param>
    internal GreedyOrSampledDecoding(IStepDecoder decoder, ReadOnlySpan<int> prompt, ResolvedGeneration rules, IReadOnlyList<int> seeds)
    {
        if (rules.Sampling is { } sampling) _nucleus = new(sampling, decoder.VocabularySize, seeds);
        (_decoder, _rules, _prompt, _processors) = (decoder, rules, prompt.ToArray(), rules.Processors());
        (_places, _length) = (decoder.Images, prompt.Length);
        _imageAt = [.. Enumerable.Range(0, _places)];
        _results = new GeneratedText[_places];
        _sequences = new int[_places][];
        foreach (ref var sequence in _sequences.AsSpan())
        {
            sequence = new int[rules.MaxLength];
            prompt.CopyTo(sequence);
        }
    }

    internal GeneratedText[] Run(CancellationToken cancellationToken)
    {
        var logits = new float[_places * _decoder.VocabularySize];
        cancellationToken.ThrowIfCancellationRequested();
        _decoder.Start(_prompt, logits);
        while (true)
        {
            var tokens = Choose(logits);
            _length++;
            var kept = TextGenerator.Remaining(_places, place => _results[_imageAt[place]] is not null);
            if (kept.Count == 0) return _results;
            if (kept.Count < _places) Drop(kept, tokens);
            cancellationToken.ThrowIfCancellationRequested();
            _decoder.Step(tokens.AsSpan(0, _places), logits.AsSpan(0, _places * _decoder.VocabularySize));
        }
    }

    private int[] Choose(float[] logits)
    {
        var tokens = new int[_places];
        TextGenerator.EachPlace(_places, place =>
            tokens[place] = Choose(_imageAt[place], logits.AsSpan(place * _decoder.VocabularySize, _decoder.VocabularySize)));
        return tokens;
    }

    private int Choose(int image, Span<float> scores)
    {
        foreach (var processor in _processors) processor.Process(_sequences[image].AsSpan(0, _length), scores);
        var token = _nucleus?.Choose(image, scores) ?? TensorPrimitives.IndexOfMax(scores);
        TextGenerator.RequireNotNaN(scores[token]);          // IndexOfMax finds a NaN before any number
        _sequences[image][_length] = token;
        if (token == _rules.EndId || _length + 1 == _rules.MaxLength) _results[image] = new(_sequences[image][..(_length + 1)], double.NaN);
        return token;
    }

    private void Drop(List<int> kept, int[] tokens)
    {
        for (var place = 0; place < kept.Count; place++)
            (_imageAt[place], tokens[place]) = (_imageAt[kept[place]], tokens[kept[place]]);
        _places = kept.Count;
        _decoder.Reorder([.. kept], rowsPerImage: 1);
    }
}
