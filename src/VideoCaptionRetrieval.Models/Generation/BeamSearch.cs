using System.Buffers;
using System.Numerics.Tensors;

namespace VideoCaptionRetrieval.Models.Generation;

/// <summary>Beam search as in transformers 4.46.</summary>
internal sealed class BeamSearch : BeamSearchBase<Beam, GeneratedText>
{
    private readonly BeamHypotheses[] _hypotheses;

    internal BeamSearch(IStepDecoder decoder, ReadOnlySpan<int> prompt, ResolvedGeneration settings)
        : base(decoder, prompt, settings, ids => new(0, ids, 0)) =>
        _hypotheses = [.. Enumerable.Range(0, decoder.Images).Select(_ => new BeamHypotheses(settings))];

    /// <inheritdoc />
    protected override Beam[] Advance(int image, Beam[] beams, Span<float> logits, out GeneratedText? result)
    {
        var hypotheses = _hypotheses[image];
        var candidates = new TopCandidates(2 * Settings.Beams);     // at most half of them end
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
        var full = Length + 1 >= Settings.MaxLength;
        if (full && !done)
            foreach (var beam in next) hypotheses.Add(beam.Ids, beam.LogProbability, generated);
        result = full || done ? hypotheses.Best : null;
        return next;
    }

    /// <summary>
    /// An end token among the best candidates finishes a text, or is dropped where it ranks below the beams; the best others stay unfinished.
    /// </summary>
    private Beam[] Select(Beam[] open, ReadOnlySpan<Candidate> best, BeamHypotheses hypotheses)
    {
        var next = new List<Beam>(Settings.Beams);
        for (var rank = 0; next.Count < Settings.Beams; rank++)
        {
            var candidate = best[rank];
            int[] ids = [.. open[candidate.Beam].Ids, candidate.Token];
            if (candidate.Token != Settings.EndId) next.Add(new(candidate.Beam, ids, candidate.Score));
            else if (rank < Settings.Beams) hypotheses.Add(ids, candidate.Score, ids.Length - Prompt.Length);
        }
        return [.. next];
    }
}

/// <summary>An unfinished text of the beam search.</summary>
/// <param name="Parent">The beam of the last step that it continues.</param>
/// <param name="Ids">All tokens so far.</param>
/// <param name="LogProbability">Summed over the generated tokens.</param>
internal sealed record Beam(int Parent, int[] Ids, float LogProbability) : IBeam
{
    /// <inheritdoc />
    public int Next => Ids[^1];
}

/// <summary>Keeps the best finished texts of one image, as many as there are beams.</summary>
internal sealed class BeamHypotheses(ResolvedGeneration settings)
{
    private readonly List<GeneratedText> _kept = [];

    /// <summary>The best text; of equal scores the one added last, as sorting upwards and taking the last gives it.</summary>
    internal GeneratedText Best => _kept.Aggregate((best, next) => next.Score >= best.Score ? next : best);

    /// <param name="ids">The whole text, the end token included where there is one.</param>
    /// <param name="logProbability">Summed over the generated tokens.</param>
    /// <param name="generated">The number of generated tokens, the end token counted.</param>
    internal void Add(int[] ids, float logProbability, int generated)
    {
        var score = Score(logProbability, generated);
        if (_kept.Count == settings.Beams)
        {
            var worst = _kept.MinBy(text => text.Score)!;
            if (score <= worst.Score) return;
            _kept.Remove(worst);
        }
        _kept.Add(new(ids, score));
    }

    /// <summary>
    /// Whether no unfinished beam can still beat the worst kept text, or, with early stopping, whether there are enough texts.
    /// </summary>
    /// <param name="bestLogProbability">Of the best candidate of this step.</param>
    /// <param name="generated">Generated tokens after this step.</param>
    internal bool IsDone(float bestLogProbability, int generated) =>
        _kept.Count == settings.Beams && (settings.EarlyStopping || _kept.Min(text => text.Score) >= Score(bestLogProbability, generated));

    private double Score(float logProbability, int generated) => logProbability / Math.Pow(generated, settings.LengthPenalty);
}

/// <summary>
/// Base of the beam searches: each step extends the beams of every image by a token, the decoder's rows follow the beams, and finished images
/// leave the batch. The first step runs one row for each image, because all beams are still equal.
/// </summary>
/// <typeparam name="TBeam">A text among the beams.</typeparam>
/// <typeparam name="TResult">The result of one image.</typeparam>
internal abstract class BeamSearchBase<TBeam, TResult>
    where TBeam : IBeam
    where TResult : class
{
    private readonly IReadOnlyList<ILogitsProcessor> _processors;
    private readonly TResult?[] _results;   // image -> its result once it is done
    private int[] _imageAt;                 // slot -> image
    private TBeam[][] _beams;               // slot -> its texts

    /// <param name="decoder">A decoder that has not been started; the search leaves it at its last step.</param>
    /// <param name="prompt">The start token and the prompt.</param>
    /// <param name="settings">Decoding settings.</param>
    /// <param name="begin">Creates the text that holds only the prompt.</param>
    protected BeamSearchBase(IStepDecoder decoder, ReadOnlySpan<int> prompt, ResolvedGeneration settings, Func<int[], TBeam> begin)
    {
        (Decoder, Settings, Prompt, _processors) = (decoder, settings, prompt.ToArray(), settings.Processors());
        Length = prompt.Length;
        _imageAt = [.. Enumerable.Range(0, decoder.Images)];
        _beams = [.. _imageAt.Select(_ => new[] { begin(Prompt) })];
        _results = new TResult?[decoder.Images];
    }

    protected IStepDecoder Decoder { get; }

    protected ResolvedGeneration Settings { get; }

    protected int[] Prompt { get; }

    /// <summary>Number of tokens of an unfinished text before the step.</summary>
    protected int Length { get; private set; }

    /// <returns>The result of each image, in order.</returns>
    internal TResult[] Run(CancellationToken cancellationToken)
    {
        var vocabulary = Decoder.VocabularySize;
        var logits = new float[_imageAt.Length * Settings.Beams * vocabulary];
        cancellationToken.ThrowIfCancellationRequested();
        Decoder.Start(Prompt, logits.AsSpan(0, _imageAt.Length * vocabulary));
        for (var rowsPerImage = 1; ; rowsPerImage = Settings.Beams)
        {
            var rows = rowsPerImage;
            TextGenerator.ForEachSlot(_imageAt.Length, slot => _beams[slot] = Advance(
                _imageAt[slot], _beams[slot], logits.AsSpan(slot * rows * vocabulary, rows * vocabulary), out _results[_imageAt[slot]]));
            Length++;
            if (!Continue(rowsPerImage)) return [.. _results.Select(result => result!)];
            cancellationToken.ThrowIfCancellationRequested();
            var tokens = _beams.SelectMany(beams => beams.Select(beam => beam.Next)).ToArray();
            Decoder.Step(tokens, logits.AsSpan(0, tokens.Length * vocabulary));
        }
    }

    /// <summary>Extends the beams of one image by a token; called for several images in parallel.</summary>
    /// <param name="image">The image's number.</param>
    /// <param name="beams">Its texts.</param>
    /// <param name="logits">[beams, V]; may be overwritten.</param>
    /// <param name="result">The image's result; null while its search continues.</param>
    /// <returns>Its texts after the step.</returns>
    protected abstract TBeam[] Advance(int image, TBeam[] beams, Span<float> logits, out TResult? result);

    /// <summary>Turns one beam's logits into log-probabilities and applies the logits processors.</summary>
    protected void ToLogProbabilities(int[] ids, Span<float> scores)
    {
        LogProbabilities.FromLogits(scores);
        foreach (var processor in _processors) processor.Process(ids, scores);
    }

    private bool Continue(int rowsPerImage)
    {
        var kept = TextGenerator.Remaining(_imageAt.Length, slot => _results[_imageAt[slot]] is not null);
        if (kept.Count == 0) return false;
        var rows = kept.SelectMany(slot => _beams[slot].Select(beam => (slot * rowsPerImage) + beam.Parent)).ToArray();
        _beams = [.. kept.Select(slot => _beams[slot])];
        _imageAt = [.. kept.Select(slot => _imageAt[slot])];
        Decoder.Reorder(rows, Settings.Beams);
        return true;
    }
}

/// <summary>A text among the beams of one image.</summary>
internal interface IBeam
{
    /// <summary>The beam of the last step that it continues.</summary>
    int Parent { get; }

    /// <summary>The token that the network reads next.</summary>
    int Next { get; }
}

/// <summary>Turns logits into log-probabilities.</summary>
internal static class LogProbabilities
{
    /// <summary>Subtracts the logarithm of the sum of exponentials from a row of logits, in place.</summary>
    /// <exception cref="InvalidOperationException">A logit is not a number.</exception>
    internal static void FromLogits(Span<float> scores)
    {
        var exponentials = ArrayPool<float>.Shared.Rent(scores.Length);
        var shifted = exponentials.AsSpan(0, scores.Length);
        TensorPrimitives.Subtract(scores, TensorPrimitives.Max<float>(scores), scores);
        TensorPrimitives.Exp(scores, shifted);
        var logSum = MathF.Log(TensorPrimitives.Sum<float>(shifted));
        ArrayPool<float>.Shared.Return(exponentials);
        TextGenerator.RequireNotNaN(logSum);
        TensorPrimitives.Subtract(scores, logSum, scores);
    }
}
