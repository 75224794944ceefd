using System.ClientModel;
using System.ClientModel.Primitives;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.AI;
using OpenAI;
using VideoCaptionRetrieval.Captioning.Chat;

namespace VideoCaptionRetrieval.Cli.Inputs;

/// <summary>A service with OpenAI's chat interface, named by its address, such as https://api.openai.com/v1 or http://localhost:11434/v1.</summary>
/// <param name="Model">The model's name there.</param>
/// <param name="Prompt">What is asked; null = the default.</param>
/// <param name="RequestsPerMinute">Questions a minute at most; null = no limit.</param>
/// <param name="Parallelism">Questions at the same time.</param>
internal sealed record ChatEndpoint(string? Model, string? Prompt, int? RequestsPerMinute, int Parallelism)
{
    /// <summary>Holds the service's key.</summary>
    internal const string KeyVariable = "VCR_CHAT_API_KEY";

    /// <summary>Local services want no key, and the client sends one anyway.</summary>
    private const string NoKey = "none";

    internal static bool TryParse(string value, [NotNullWhen(true)] out Uri? address) =>
        Uri.TryCreate(value, UriKind.Absolute, out address) && address.Scheme is "http" or "https";

    /// <exception cref="UsageException">No model is named.</exception>
    internal ChatCaptionerOptions Options(string name)
    {
        if (string.IsNullOrEmpty(Model)) throw new UsageException($"--chat-model: captioner '{name}' is a chat model; say which model of the service it is.");
        var options = new ChatCaptionerOptions { Model = Model, Parallelism = Parallelism, RequestsPerMinute = RequestsPerMinute };
        if (Prompt is not null) options.Prompt = Prompt;
        options.IsTransient = e => e is ClientResultException { Status: > 0 } answer ? ChatAttempts.MayPass(answer.Status) : ChatAttempts.IsTransient(e);
        return options;
    }

    internal IChatClient Client(Uri address, ChatCaptionerOptions options) => new OpenAIClient(
        new ApiKeyCredential(Environment.GetEnvironmentVariable(KeyVariable) is { Length: > 0 } key ? key : NoKey),
        new OpenAIClientOptions
        {
            Endpoint = address,
            NetworkTimeout = options.Timeout,
            RetryPolicy = new ClientRetryPolicy(maxRetries: 0),         // the captioner asks again
        }).GetChatClient(Model).AsIChatClient();
}
