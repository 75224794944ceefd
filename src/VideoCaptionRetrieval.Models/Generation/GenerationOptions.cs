namespace VideoCaptionRetrieval.Models;

/// <summary>Decoding settings of a captioner, with the semantics of Hugging Face transformers 4.46.</summary>
public sealed class GenerationOptions
{
    /// <summary>Default of <see cref="Beams"/>: BLIP's published captioning settings.</summary>
    public const int DefaultBeams = 3;

    /// <summary>Default of <see cref="MinLength"/>: BLIP's published captioning settings.</summary>
    public const int DefaultMinLength = 5;

    /// <summary>Default of <see cref="MaxLength"/>: BLIP's published captioning settings.</summary>
    public const int DefaultMaxLength = 20;

    /// <summary>Default of <see cref="RepetitionPenalty"/>: none.</summary>
    public const float DefaultRepetitionPenalty = 1;

    /// <summary>Default of <see cref="NoRepeatNgramSize"/>: none.</summary>
    public const int DefaultNoRepeatNgramSize = 0;

    /// <summary>Default of <see cref="LengthPenalty"/>: beams compete by the mean log-probability of a token.</summary>
    public const double DefaultLengthPenalty = 1;

    /// <summary>Default of <see cref="TopK"/>: that of transformers.</summary>
    public const int DefaultTopK = 50;

    /// <summary>Maximum length of ClipCap's published code.</summary>
    private const int ClipCapLength = 67;

    /// <summary>Creates ClipCap's published settings: greedy, up to 67 tokens, no minimum length. (Its beam search has 5 beams.)</summary>
    public static GenerationOptions ForClipCap() => new() { Beams = 1, MinLength = 0, MaxLength = ClipCapLength };

    /// <summary>Number of beams of the beam search; 1 is greedy search.</summary>
    /// <value>The default value is 3.</value>
    public int Beams { get; set; } = DefaultBeams;

    /// <summary>The fewest tokens of a text before it may end, the start token and the prompt included.</summary>
    /// <value>The default value is 5.</value>
    public int MinLength { get; set; } = DefaultMinLength;

    /// <summary>The most tokens of a text, the start token, the prompt and the end token included.</summary>
    /// <value>The default value is 20.</value>
    public int MaxLength { get; set; } = DefaultMaxLength;

    /// <summary>
    /// Divides the positive scores of tokens that have occurred and multiplies negative ones; above 1 discourages repetition.
    /// </summary>
    /// <value>The default value is 1: no penalty.</value>
    public float RepetitionPenalty { get; set; } = DefaultRepetitionPenalty;

    /// <summary>Forbids repeating any sequence of this many tokens within a text.</summary>
    /// <value>The default value is 0: sequences may repeat.</value>
    public int NoRepeatNgramSize { get; set; } = DefaultNoRepeatNgramSize;

    /// <summary>
    /// Exponent of the number of generated tokens by which a beam's summed log-probability is divided; greedy search ignores it.
    /// </summary>
    /// <value>The default value is 1.</value>
    public double LengthPenalty { get; set; } = DefaultLengthPenalty;

    /// <summary>
    /// Whether a beam search ends as soon as there are as many finished texts as beams; else it continues while a better one is possible.
    /// ClipCap's search has no such choice.
    /// </summary>
    /// <value>The default value is false.</value>
    public bool EarlyStopping { get; set; }

    /// <summary>
    /// Draws every token at random from the smallest set of the best whose probabilities sum to this (nucleus sampling), instead of
    /// taking the best; above 0, at most 1. Takes <see cref="Beams"/> = 1. BLIP's authors use 0.9.
    /// </summary>
    /// <value>The default value is null: nothing is drawn.</value>
    public double? TopP { get; set; }

    /// <summary>With <see cref="TopP"/>, the most tokens to draw from; 0 = all.</summary>
    /// <value>The default value is 50, as in transformers.</value>
    public int TopK { get; set; } = DefaultTopK;

    /// <summary>With <see cref="TopP"/>, divides the scores; below 1 likely tokens become likelier.</summary>
    /// <value>The default value is 1.</value>
    public double Temperature { get; set; } = 1;

    /// <summary>
    /// With <see cref="TopP"/>, the seed. The same image and seed give the same text, whatever the rest of the batch.
    /// </summary>
    /// <value>The default value is 1.</value>
    public int Seed { get; set; } = 1;

    /// <summary>The token that ends a caption, as text; only for ClipCap. Other networks have an end token of their own.</summary>
    /// <value>The default value is null: ClipCap's full stop.</value>
    public string? StopToken { get; set; }

    /// <summary>Text that every caption begins with, such as "a picture of"; it is removed from the captions.</summary>
    /// <value>The default value is null: no prompt.</value>
    public string? Prompt { get; set; }

    /// <summary>Copies the options; later changes to the original have no effect on the copy.</summary>
    public GenerationOptions Copy() => (GenerationOptions)MemberwiseClone();

    /// <summary>Checks all values at once.</summary>
    /// <exception cref="ArgumentException">Some value is out of range; the message lists every one.</exception>
    public void Validate()
    {
        var faults = new OptionFaults();
        faults.RequireAtLeast(Beams, 1);
        faults.RequireAtLeast(MinLength, 0);
        faults.Require(MaxLength >= 2, $"{nameof(MaxLength)} is '{MaxLength}', expected at least 2, a start token and one more");
        faults.Require(MinLength <= MaxLength, $"{nameof(MinLength)} is '{MinLength}', expected at most {nameof(MaxLength)}, '{MaxLength}'");
        faults.Require(RepetitionPenalty > 0 && float.IsFinite(RepetitionPenalty),
            $"{nameof(RepetitionPenalty)} is '{RepetitionPenalty}', expected a number above 0");
        faults.RequireAtLeast(NoRepeatNgramSize, 0);
        faults.Require(double.IsFinite(LengthPenalty), $"{nameof(LengthPenalty)} is '{LengthPenalty}', expected a number");
        faults.Require(TopP is null or (> 0 and <= 1), $"{nameof(TopP)} is '{TopP}', expected a number above 0, at most 1");
        faults.Require(TopP is null || Beams == 1, $"{nameof(Beams)} is '{Beams}', expected 1, since {nameof(TopP)} draws tokens");
        faults.RequireAtLeast(TopK, 0);
        faults.Require(Temperature > 0 && double.IsFinite(Temperature), $"{nameof(Temperature)} is '{Temperature}', expected a number above 0");
        faults.Require(StopToken is not { Length: 0 }, $"{nameof(StopToken)} is '', expected a text, or null");
        faults.ThrowIfAny("The generation");
    }
}
