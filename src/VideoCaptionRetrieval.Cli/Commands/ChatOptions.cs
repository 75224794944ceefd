using System.CommandLine;
using VideoCaptionRetrieval.Cli.Inputs;

namespace VideoCaptionRetrieval.Cli.Commands;

/// <summary>Options of chat models that caption.</summary>
internal sealed class ChatOptions
{
    private readonly Option<string?> _model = new("--chat-model")
    {
        Description = $"The model of a captioner NAME=URL; the service's key is taken from the variable {ChatEndpoint.KeyVariable}.",
        HelpName = "MODEL",
    };

    private readonly Option<string?> _prompt = new("--chat-prompt") { Description = "What a chat model is asked about every frame.", HelpName = "TEXT" };
    private readonly Option<int?> _perMinute = new("--chat-per-minute") { Description = "Questions to a chat model a minute at most.", HelpName = "N" };
    private readonly Option<int> _parallel = CommonOptions.Whole(
        "--chat-parallel", "Questions to a chat model at the same time.", new ChatCaptionerOptions().Parallelism, minimum: 1);

    internal void AddTo(Command command)
    {
        _perMinute.Validators.Add(Validators.AtLeast(1));
        foreach (var option in new Option[] { _model, _prompt, _perMinute, _parallel }) command.Options.Add(option);
    }

    internal ChatEndpoint Read(ParseResult parsed) =>
        new(parsed.GetValue(_model), parsed.GetValue(_prompt), parsed.GetValue(_perMinute), parsed.GetValue(_parallel));
}
