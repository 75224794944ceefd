namespace VideoCaptionRetrieval.Models.Generation;

/// <summary>Validated decoding settings with the network's own end token, fixed for the life of a captioner.</summary>
/// <param name="Beams">Number of beams; 1 is greedy search.</param>
/// <param name="MinLength">The fewest tokens before the end token, start and prompt included.</param>
/// <param name="MaxLength">The most tokens, start, prompt and end token included.</param>
/// <param name="RepetitionPenalty">1 = none.</param>
/// <param name="NoRepeatNgramSize">0 = none.</param>
/// <param name="LengthPenalty">Exponent of the length in a beam's score.</param>
/// <param name="EndId">The token that ends a text.</param>
public sealed record ResolvedGeneration(
    int Beams, int MinLength, int MaxLength, float RepetitionPenalty, int NoRepeatNgramSize, double LengthPenalty, int EndId)
{
    /// <summary>The rules of the beam search.</summary>
    internal BeamSearchVariant Variant { get; init; }

    /// <summary>Whether a search ends as soon as there are as many finished texts as beams.</summary>
    internal bool EarlyStopping { get; init; }

    /// <summary>Nucleus sampling; null = the best token is taken.</summary>
    internal Sampling? Sampling { get; init; }

    /// <exception cref="ArgumentException">Some option is out of range.</exception>
    public static ResolvedGeneration From(GenerationOptions options, int endId, BeamSearchVariant variant = BeamSearchVariant.Transformers)
    {
        options.Validate();
        return new(options.Beams, options.MinLength, options.MaxLength, options.RepetitionPenalty, options.NoRepeatNgramSize,
            options.LengthPenalty, endId)
        {
            Variant = variant,
            EarlyStopping = options.EarlyStopping,
            Sampling = options.TopP is { } topP ? new(topP, options.TopK, options.Temperature) : null,
        };
    }

    /// <summary>Creates the logits processors, in the order of transformers: the repetition penalty, then the bans.</summary>
    internal IReadOnlyList<ILogitsProcessor> Processors()
    {
        var processors = new List<ILogitsProcessor>();
        if (RepetitionPenalty != 1) processors.Add(new RepetitionPenalty(RepetitionPenalty));
        if (NoRepeatNgramSize > 0) processors.Add(new NoRepeatNgram(NoRepeatNgramSize));
        if (MinLength > 0) processors.Add(new MinLength(MinLength, EndId));
        return processors;
    }
}

/// <summary>The published rules by which beams are compared and a search ends.</summary>
public enum BeamSearchVariant
{
    /// <summary>As transformers 4.46: finished texts leave the beams; see <see cref="BeamSearch"/>.</summary>
    Transformers,

    /// <summary>As ClipCap's published code: finished texts stay among the beams; see <see cref="ClipCapBeamSearch"/>.</summary>
    ClipCap,
}

/// <summary>Settings of nucleus sampling.</summary>
/// <param name="TopP">Tokens are drawn from the smallest set of the best whose probabilities sum to this; above 0, at most 1.</param>
/// <param name="TopK">The most tokens to draw from; 0 = all.</param>
/// <param name="Temperature">Divides the scores first; above 0.</param>
internal sealed record Sampling(double TopP, int TopK, double Temperature);
