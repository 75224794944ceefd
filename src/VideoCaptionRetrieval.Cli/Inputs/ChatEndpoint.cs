using System.ClientModel;
using System.ClientModel.Primitives;
using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.AI;
using OpenAI;
using VideoCaptionRetrieval.Captioning.Chat;
using VideoCaptionRetrieval.Cli.Output;

namespace VideoCaptionRetrieval.Cli.Inputs;

/// <summary>Options of chat models that caption.</summary>
internal sealed class ChatOptions
{
    private readonly Option<string?> _model = new("--chat-model")
    {
        Description = $"The model of a captioner NAME=URL; the service's key is taken from the variable {ChatEndpoint.KeyVariable}.",
        HelpName = "MODEL",
    };

    private readonly Option<string?> _prompt = new("--chat-prompt") { Description = "The question that a chat model is asked about every frame.", HelpName = "TEXT" };
    private readonly Option<int?> _perMinute = new("--chat-per-minute") { Description = "Maximum requests per minute to a chat model.", HelpName = "N" };
    private readonly Option<int> _parallel = CommonOptions.Whole(
        "--chat-parallel", "Concurrent requests to a chat model.", new ChatCaptionerOptions().Parallelism, minimum: 1);

    internal void AddTo(Command command)
    {
        _perMinute.Validators.Add(Validators.AtLeast(1));
        foreach (var option in new Option[] { _model, _prompt, _perMinute, _parallel }) command.Options.Add(option);
    }

    internal ChatEndpoint Read(ParseResult parsed) =>
        new(parsed.GetValue(_model), parsed.GetValue(_prompt), parsed.GetValue(_perMinute), parsed.GetValue(_parallel));
}

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

    private ChatCaptionerOptions Options(string name)
    {
        if (string.IsNullOrEmpty(Model)) throw new UsageException($"--chat-model: captioner '{name}' is a chat model; say which model of the service it is.");
        var options = new ChatCaptionerOptions { Model = Model, Parallelism = Parallelism, RequestsPerMinute = RequestsPerMinute };
        if (Prompt is not null) options.Prompt = Prompt;
        options.IsTransient = e => e is ClientResultException { Status: > 0 } answer ? ChatAttempts.MayPass(answer.Status) : ChatAttempts.IsTransient(e);
        return options;
    }

    /// <summary>Describes the chat model as a captioner.</summary>
    /// <exception cref="UsageException">No model is named.</exception>
    internal Captioner CreateCaptioner(string name, Uri address)
    {
        var options = Options(name);
        return Captioner.Chat(Client(address, options), FrameColumn.DefaultName, name, options);
    }

    private IChatClient Client(Uri address, ChatCaptionerOptions options) => new OpenAIClient(
        new ApiKeyCredential(Environment.GetEnvironmentVariable(KeyVariable) is { Length: > 0 } key ? key : NoKey),
        new OpenAIClientOptions
        {
            Endpoint = address,
            NetworkTimeout = options.Timeout,
            RetryPolicy = new ClientRetryPolicy(maxRetries: 0),         // the captioner asks again
        }).GetChatClient(Model).AsIChatClient();
}
