namespace VideoCaptionRetrieval.Models.Generation;

/// <summary>
/// What beam searches share: step after step the beams of every image are extended by a token, the decoder's rows follow the beams, and
/// images that are done leave the batch. The first step runs one row for each image, because all beams still read the same.
/// </summary>
/// <typeparam name="TBeam">A text among the beams.</typeparam>
/// <typeparam name="TResult">What one image ends with.</typeparam>
internal abstract class BeamSearchBase<TBeam, TResult>
    where TBeam : IBeam
    where TResult : class
{
    private readonly IReadOnlyList<ILogitsProcessor> _processors;
    private readonly TResult?[] _results;   // image -> its result once it is done
    private int[] _imageAt;                 // place -> image
    private TBeam[][] _beams;               // place -> its texts

    /// <param name="decoder">A decoder that has not been started; it is left where the search ends.</param>
    /// <param name="prompt">The start token and the prompt.</param>
    /// <param name="rules">Decoding settings.</param>
    /// <param name="begin">Makes the text that holds only the prompt.</param>
    protected BeamSearchBase(IStepDecoder decoder, ReadOnlySpan<int> prompt, ResolvedGeneration rules, Func<int[], TBeam> begin)
    {
        (Decoder, Rules, Prompt, _processors) = (decoder, rules, prompt.ToArray(), rules.Processors());
        Length = prompt.Length;
        _imageAt = [.. Enumerable.Range(0, decoder.Images)];
        _beams = [.. _imageAt.Select(_ => new[] { begin(Prompt) })];
        _results = new TResult?[decoder.Images];
    }

    protected IStepDecoder Decoder { get; }

    protected ResolvedGeneration Rules { get; }

    protected int[] Prompt { get; }

    /// <summary>Tokens of an open text before the step.</summary>
    protected int Length { get; private set; }

    /// <returns>For each image what it ended with, in order.</returns>
    internal TResult[] Run(CancellationToken cancellationToken)
    {
        var vocabulary = Decoder.VocabularySize;
        var logits = new float[_imageAt.Length * Rules.Beams * vocabulary];
        cancellationToken.ThrowIfCancellationRequested();
        Decoder.Start(Prompt, logits.AsSpan(0, _imageAt.Length * vocabulary));
        for (var rowsPerImage = 1; ; rowsPerImage = Rules.Beams)
        {
            var rows = rowsPerImage;
            TextGenerator.EachPlace(_imageAt.Length, place => _beams[place] = Advance(
                _imageAt[place], _beams[place], logits.AsSpan(place * rows * vocabulary, rows * vocabulary), out _results[_imageAt[place]]));
            Length++;
            if (!Continue(rowsPerImage)) return [.. _results.Select(result => result!)];
            cancellationToken.ThrowIfCancellationRequested();
            var tokens = _beams.SelectMany(beams => beams.Select(beam => beam.Next)).ToArray();
            Decoder.Step(tokens, logits.AsSpan(0, tokens.Length * vocabulary));
        }
    }

    /// <summary>Extends the beams of one image by a token; images are worked on by several threads.</summary>
    /// <param name="image">The image's number.</param>
    /// <param name="beams">Its texts.</param>
    /// <param name="logits">Beams x vocabulary; may be overwritten.</param>
    /// <param name="result">What the image ends with; null while it goes on.</param>
    /// <returns>Its texts after the step.</returns>
    protected abstract TBeam[] Advance(int image, TBeam[] beams, Span<float> logits, out TResult? result);

    /// <summary>Turns one beam's logits into log-probabilities under the rules.</summary>
    protected void ToLogProbabilities(int[] ids, Span<float> scores)
    {
        LogProbabilities.FromLogits(scores);
        foreach (var processor in _processors) processor.Process(ids, scores);
    }

    private bool Continue(int rowsPerImage)
    {
        var kept = TextGenerator.Remaining(_imageAt.Length, place => _results[_imageAt[place]] is not null);
        if (kept.Count == 0) return false;
        var rows = kept.SelectMany(place => _beams[place].Select(beam => (place * rowsPerImage) + beam.Parent)).ToArray();
        _beams = [.. kept.Select(place => _beams[place])];
        _imageAt = [.. kept.Select(place => _imageAt[place])];
        Decoder.Reorder(rows, Rules.Beams);
        return true;
    }
}
