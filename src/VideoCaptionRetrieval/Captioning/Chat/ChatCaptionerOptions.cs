using VideoCaptionRetrieval.Models;

namespace VideoCaptionRetrieval;

/// <summary>Options of <see cref="Captioner.Chat"/>.</summary>
public sealed class ChatCaptionerOptions
{
    /// <summary>The prompt that is sent with each frame.</summary>
    /// <value>The default value asks for one short sentence, like the caption of a photograph.</value>
    public string Prompt { get; set; } = DefaultPrompt;

    /// <summary>The model's id, for clients that serve several models.</summary>
    /// <value>The default value is null: the client's own default.</value>
    public string? Model { get; set; }

    /// <summary>The format of the frames, which are sent as JPEG.</summary>
    /// <value>The default value is 512 pixels, the whole frame with black bars.</value>
    public FrameFormat FrameFormat { get; set; } = DefaultFrameFormat;

    /// <summary>Quality of the JPEG, 1 to 100.</summary>
    /// <value>The default value is 90.</value>
    public int JpegQuality { get; set; } = 90;

    /// <summary>Maximum number of tokens of an answer.</summary>
    /// <value>The default value is 60.</value>
    public int MaxOutputTokens { get; set; } = 60;

    /// <summary>Sampling temperature of the model, at least 0.</summary>
    /// <value>The default value is 0; null = the model's own default.</value>
    public float? Temperature { get; set; } = 0;

    /// <summary>Maximum number of concurrent requests.</summary>
    /// <value>The default value is 4.</value>
    public int Parallelism { get; set; } = 4;

    /// <summary>Maximum number of requests a minute.</summary>
    /// <value>The default value is null: no limit.</value>
    public int? RequestsPerMinute { get; set; }

    /// <summary>Maximum number of retries of a failed request, with exponential back-off.</summary>
    /// <value>The default value is 5.</value>
    public int MaxRetries { get; set; } = 5;

    /// <summary>Delay before the first retry; it doubles with each further one, up to a minute, with random jitter.</summary>
    /// <value>The default value is 2 seconds.</value>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Timeout of one request.</summary>
    /// <value>The default value is 2 minutes.</value>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>Decides whether a failure is transient, so that the request is retried.</summary>
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
        var faults = new OptionFaults();
        faults.Require(!string.IsNullOrWhiteSpace(Prompt), $"{nameof(Prompt)} is empty");
        faults.Require(FrameFormat is not null, $"{nameof(FrameFormat)} is null");
        faults.Require(FrameFormat is null or { HasFixedSize: true, Size: >= 1 },
            $"{nameof(FrameFormat)} is '{FrameFormat}', expected frames of one size");
        faults.Require(JpegQuality is >= 1 and <= 100, $"{nameof(JpegQuality)} is '{JpegQuality}', expected 1 to 100");
        faults.RequireAtLeast(MaxOutputTokens, 1);
        faults.Require(Temperature is null or >= 0, $"{nameof(Temperature)} is '{Temperature}', expected at least 0");
        faults.RequireAtLeast(Parallelism, 1);
        faults.Require(RequestsPerMinute is null or >= 1, $"{nameof(RequestsPerMinute)} is '{RequestsPerMinute}', expected at least 1, or null");
        faults.RequireAtLeast(MaxRetries, 0);
        faults.Require(RetryDelay >= TimeSpan.Zero, $"{nameof(RetryDelay)} is '{RetryDelay}', expected no negative time");
        faults.Require(Timeout > TimeSpan.Zero, $"{nameof(Timeout)} is '{Timeout}', expected a time above 0");
        faults.ThrowIfAny("The chat captioner's");
    }
}
