namespace VideoCaptionRetrieval.Models;

/// <summary>How a captioner turns next-token scores into a text. The rules are those of Hugging Face transformers 4.46.</summary>
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

    /// <summary>Default of <see cref="LengthPenalty"/>: the mean log-probability of a token decides.</summary>
    public const double DefaultLengthPenalty = 1;

    /// <summary>The number of beams of the beam search; 1 is greedy search.</summary>
    /// <value>The default value is 3.</value>
    public int Beams { get; set; } = DefaultBeams;

    /// <summary>Tokens that a text has at least before it may end, the start token and the prompt included.</summary>
    /// <value>The default value is 5.</value>
    public int MinLength { get; set; } = DefaultMinLength;

    /// <summary>Tokens that a text has at most, the start token, the prompt and the end token included.</summary>
    /// <value>The default value is 20.</value>
    public int MaxLength { get; set; } = DefaultMaxLength;

    /// <summary>
    /// Divides the positive scores of tokens that the text already holds and multiplies negative ones; above 1 discourages repetition.
    /// </summary>
    /// <value>The default value is 1: no penalty.</value>
    public float RepetitionPenalty { get; set; } = DefaultRepetitionPenalty;

    /// <summary>No sequence of so many tokens occurs twice in a text.</summary>
    /// <value>The default value is 0: sequences may repeat.</value>
    public int NoRepeatNgramSize { get; set; } = DefaultNoRepeatNgramSize;

    /// <summary>
    /// Exponent of the number of generated tokens by which a beam's summed log-probability is divided; greedy search ignores it.
    /// </summary>
    /// <value>The default value is 1.</value>
    public double LengthPenalty { get; set; } = DefaultLengthPenalty;

    /// <summary>What every caption is made to begin with, such as "a picture of"; it is cut off from the captions.</summary>
    /// <value>The default value is null: no prompt.</value>
    public string? Prompt { get; set; }

    /// <summary>Checks all values at once.</summary>
    /// <exception cref="ArgumentException">Some value is out of range; the message lists every one.</exception>
    internal void Validate()
    {
        var failures = new List<string>();
        Check(failures, Beams >= 1, nameof(Beams), Beams, "at least 1");
        Check(failures, MinLength >= 0, nameof(MinLength), MinLength, "at least 0");
        Check(failures, MaxLength >= 2, nameof(MaxLength), MaxLength, "at least 2, a start token and one more");
        Check(failures, MinLength <= MaxLength, nameof(MinLength), MinLength, $"at most {nameof(MaxLength)}, '{MaxLength}'");
        Check(failures, RepetitionPenalty > 0 && float.IsFinite(RepetitionPenalty),
            nameof(RepetitionPenalty), RepetitionPenalty, "a number above 0");
        Check(failures, NoRepeatNgramSize >= 0, nameof(NoRepeatNgramSize), NoRepeatNgramSize, "at least 0");
        Check(failures, double.IsFinite(LengthPenalty), nameof(LengthPenalty), LengthPenalty, "a number");
        if (failures.Count > 0) throw new ArgumentException($"The generation options are not valid: {string.Join("; ", failures)}.");
    }

    private static void Check<T>(List<string> failures, bool valid, string name, T value, string expected)
    {
        if (!valid) failures.Add($"{name} is '{value}', expected {expected}");
    }
}
