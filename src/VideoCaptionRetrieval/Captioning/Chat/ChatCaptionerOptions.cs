using VideoCaptionRetrieval.Models;

namespace VideoCaptionRetrieval;

/// <summary>Options of <see cref="Captioner.Chat"/>.</summary>
public sealed class ChatCaptionerOptions
{
    /// <summary>What the model is asked about every frame.</summary>
    /// <value>The default value asks for one short sentence, as captions of images have it.</value>
    public string Prompt { get; set; } = DefaultPrompt;

    /// <summary>The model's name, where the client serves several.</summary>
    /// <value>The default value is null: the client's own default.</value>
    public string? Model { get; set; }

    /// <summary>The form of the frames that are sent, as JPEG.</summary>
    /// <value>The default value is 512 pixels, the whole frame with black bars.</value>
    public FrameFormat FrameFormat { get; set; } = DefaultFrameFormat;

    /// <summary>Quality of the JPEG, 1 to 100.</summary>
    /// <value>The default value is 90.</value>
    public int JpegQuality { get; set; } = 90;

    /// <summary>Tokens of an answer at most.</summary>
    /// <value>The default value is 60.</value>
    public int MaxOutputTokens { get; set; } = 60;

    /// <summary>How much chance there is in an answer.</summary>
    /// <value>The default value is 0; null = the model's own default.</value>
    public float? Temperature { get; set; } = 0;

    /// <summary>Frames that are asked about at the same time.</summary>
    /// <value>The default value is 4.</value>
    public int Parallelism { get; set; } = 4;

    /// <summary>Questions a minute at most.</summary>
    /// <value>The default value is null: no limit of our own.</value>
    public int? RequestsPerMinute { get; set; }

    /// <summary>How often a question is asked again after a failure, with waits that double.</summary>
    /// <value>The default value is 5.</value>
    public int MaxRetries { get; set; } = 5;

    /// <summary>The wait before the first repetition; each further one is twice as long, up to a minute, with chance added.</summary>
    /// <value>The default value is 2 seconds.</value>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Time for one answer.</summary>
    /// <value>The default value is 2 minutes.</value>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>Whether a failure may pass by itself, so that asking again makes sense.</summary>
    /// <value>
    /// The default value is null: everything but wrong arguments, operations that are not supported, and HTTP answers 400 to 499 other than
    /// 408 (timeout), 409 and 429 (too many requests).
    /// </value>
    public Func<Exception, bool>? IsTransient { get; set; }

    internal const string DefaultPrompt =
        "Describe what this video frame shows in one short sentence of plain text, as the caption of a photograph. Answer with the sentence alone.";

    /// <summary>The default of <see cref="FrameFormat"/>.</summary>
    public static FrameFormat DefaultFrameFormat { get; } = new(512, FrameFit.Pad);

    internal ChatCaptionerOptions Copy() => (ChatCaptionerOptions)MemberwiseClone();

    /// <summary>Checks all options at once.</summary>
    /// <exception cref="ArgumentException">Some are wrong; the message lists every one.</exception>
    internal void Validate()
    {
        var failures = new List<string>();
        if (string.IsNullOrWhiteSpace(Prompt)) failures.Add($"{nameof(Prompt)} is empty");
        if (FrameFormat is null) failures.Add($"{nameof(FrameFormat)} is null");
        else if (!FrameFormat.HasFixedSize || FrameFormat.Size < 1) failures.Add($"{nameof(FrameFormat)} is '{FrameFormat}', expected frames of one size");
        if (JpegQuality is < 1 or > 100) failures.Add($"{nameof(JpegQuality)} is '{JpegQuality}', expected 1 to 100");
        if (MaxOutputTokens < 1) failures.Add($"{nameof(MaxOutputTokens)} is '{MaxOutputTokens}', expected at least 1");
        if (Temperature is < 0 or float.NaN) failures.Add($"{nameof(Temperature)} is '{Temperature}', expected at least 0");
        if (Parallelism < 1) failures.Add($"{nameof(Parallelism)} is '{Parallelism}', expected at least 1");
        if (RequestsPerMinute < 1) failures.Add($"{nameof(RequestsPerMinute)} is '{RequestsPerMinute}', expected at least 1, or null");
        if (MaxRetries < 0) failures.Add($"{nameof(MaxRetries)} is '{MaxRetries}', expected at least 0");
        if (RetryDelay < TimeSpan.Zero) failures.Add($"{nameof(RetryDelay)} is '{RetryDelay}', expected no negative time");
        if (Timeout <= TimeSpan.Zero) failures.Add($"{nameof(Timeout)} is '{Timeout}', expected a time above 0");
        if (failures.Count > 0) throw new ArgumentException($"The chat captioner's options are not valid: {string.Join("; ", failures)}.");
    }
}
