using System.Net;
using Polly;
using Polly.Retry;

namespace VideoCaptionRetrieval.Captioning.Chat;

/// <summary>When a question to a chat model is asked again.</summary>
internal static class ChatAttempts
{
    private static readonly TimeSpan LongestDelay = TimeSpan.FromMinutes(1);

    internal static ResiliencePipeline Create(ChatCaptionerOptions options)
    {
        if (options.MaxRetries == 0) return ResiliencePipeline.Empty;
        var isTransient = options.IsTransient ?? IsTransient;
        return new ResiliencePipelineBuilder().AddRetry(new RetryStrategyOptions
        {
            MaxRetryAttempts = options.MaxRetries,
            Delay = options.RetryDelay,
            MaxDelay = LongestDelay,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            ShouldHandle = arguments => new(arguments.Outcome.Exception is { } e && e is not OperationCanceledException && isTransient(e)),
        }).Build();
    }

    internal static bool IsTransient(Exception e) => e switch
    {
        ArgumentException or NotSupportedException => false,
        HttpRequestException { StatusCode: { } status } => MayPass((int)status),
        _ => true,
    };

    /// <summary>Whether an HTTP status may pass by itself.</summary>
    internal static bool MayPass(int status) => status is < 400 or >= 500
        or (int)HttpStatusCode.RequestTimeout or (int)HttpStatusCode.Conflict or (int)HttpStatusCode.TooManyRequests;
}
