using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Threading.RateLimiting;
using Microsoft.Extensions.AI;
using Polly;
using Polly.Retry;
using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.Models.Imaging;

namespace VideoCaptionRetrieval.Captioning.Chat;

/// <summary>Captions images by asking a chat model about each. Thread-safe where the client is.</summary>
internal sealed class ChatCaptioner : IImageCaptioner
{
    private const string MediaType = "image/jpeg";
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly IChatClient _client;
    private readonly ChatCaptionerOptions _options;
    private readonly ResiliencePipeline _attempts;
    private readonly RateLimiter? _limiter;

    /// <param name="client">The model; the caller owns it.</param>
    /// <param name="options">Validated options, which must not change any more.</param>
    internal ChatCaptioner(IChatClient client, ChatCaptionerOptions options)
    {
        (_client, _options, _attempts) = (client, options, ChatAttempts.Create(options));
        if (options.RequestsPerMinute is not { } requests) return;
        // Spread over the minute, since services limit shorter windows too.
        _limiter = new TokenBucketRateLimiter(new()
        {
            TokenLimit = 1,
            TokensPerPeriod = 1,
            ReplenishmentPeriod = Window / requests,
            QueueLimit = int.MaxValue,
            AutoReplenishment = true,
        });
    }

    public FrameFormat FrameFormat => _options.FrameFormat;

    /// <summary>Provider, model, prompt and settings: everything known that the answers depend on.</summary>
    public string Identity
    {
        get
        {
            var metadata = _client.GetService<ChatClientMetadata>();
            return string.Create(CultureInfo.InvariantCulture, $"chat {metadata?.ProviderName ?? "unknown"} {metadata?.ProviderUri} "
                + $"model={_options.Model ?? metadata?.DefaultModelId} frames=\"{_options.FrameFormat}\" jpeg={_options.JpegQuality} "
                + $"tokens={_options.MaxOutputTokens} temperature={_options.Temperature} prompt={JsonSerializer.Serialize(_options.Prompt)}");
        }
    }

    public IReadOnlyList<string> Caption(ReadOnlyMemory<byte> frames, int count, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var captions = new string[count];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = _options.Parallelism, CancellationToken = cancellationToken };
        Parallel.ForEachAsync(Enumerable.Range(0, count), parallel, async (image, token) =>
            captions[image] = await AskAsync(frames.Slice(image * FrameFormat.FrameBytes, FrameFormat.FrameBytes), token).ConfigureAwait(false))
            .GetAwaiter().GetResult();
        return captions;
    }

    public void Dispose() => _limiter?.Dispose();

    private async Task<string> AskAsync(ReadOnlyMemory<byte> frame, CancellationToken cancellationToken)
    {
        var jpeg = JpegImage.Encode(frame.Span, FrameFormat.Size, FrameFormat.Size, _options.JpegQuality);
        var message = new ChatMessage(ChatRole.User, [new TextContent(_options.Prompt), new DataContent(jpeg, MediaType)]);
        var settings = new ChatOptions { ModelId = _options.Model, MaxOutputTokens = _options.MaxOutputTokens, Temperature = _options.Temperature };
        return await _attempts.ExecuteAsync(async token =>
        {
            if (_limiter is not null) (await _limiter.AcquireAsync(1, token).ConfigureAwait(false)).Dispose();
            var answer = await WithTimeout(timed => _client.GetResponseAsync([message], settings, timed), token).ConfigureAwait(false);
            return OneLine(answer.Text);
        }, cancellationToken).ConfigureAwait(false);
    }

    private async Task<ChatResponse> WithTimeout(Func<CancellationToken, Task<ChatResponse>> ask, CancellationToken cancellationToken)
    {
        using var timed = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timed.CancelAfter(_options.Timeout);
        try
        {
            return await ask(timed.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException(Invariant($"The chat model gave no answer within {_options.Timeout.TotalSeconds:0.#} seconds."), e);
        }
    }

    /// <summary>Puts the answer on one line and removes quotation marks around it, which models tend to add.</summary>
    private static string OneLine(string text)
    {
        var line = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return line is ['"', .. var inner, '"'] && !inner.Contains('"', StringComparison.Ordinal) ? inner.Trim() : line;
    }
}

/// <summary>Decides when a request to a chat model is retried.</summary>
public static class ChatAttempts
{
    private static readonly TimeSpan MaxDelay = TimeSpan.FromMinutes(1);

    internal static ResiliencePipeline Create(ChatCaptionerOptions options)
    {
        if (options.MaxRetries == 0) return ResiliencePipeline.Empty;
        var isTransient = options.IsTransient ?? IsTransient;
        return new ResiliencePipelineBuilder().AddRetry(new RetryStrategyOptions
        {
            MaxRetryAttempts = options.MaxRetries,
            Delay = options.RetryDelay,
            MaxDelay = MaxDelay,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            ShouldHandle = arguments => new(arguments.Outcome.Exception is { } e && e is not OperationCanceledException && isTransient(e)),
        }).Build();
    }

    /// <summary>Whether a failure may pass when the question is asked again: no answer, a full server, a limit on the rate.</summary>
    public static bool IsTransient(Exception e) => e switch
    {
        ArgumentException or NotSupportedException => false,
        HttpRequestException { StatusCode: { } status } => MayPass((int)status),
        _ => true,
    };

    /// <summary>Whether an HTTP status is transient.</summary>
    public static bool MayPass(int status) => status is < 400 or >= 500
        or (int)HttpStatusCode.RequestTimeout or (int)HttpStatusCode.Conflict or (int)HttpStatusCode.TooManyRequests;
}
