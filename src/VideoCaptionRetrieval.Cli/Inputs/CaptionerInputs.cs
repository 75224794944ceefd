using System.CommandLine;
using System.CommandLine.Parsing;

namespace VideoCaptionRetrieval.Cli.Inputs;

/// <summary>
/// Videos and captioners of a command line. Both are lists of any length, so 'caption --captioner NAME=DIR PATH' hands the path to the
/// option: what follows a captioner and is not of the form NAME=DIR is a path.
/// </summary>
internal sealed class CaptionerInputs
{
    private readonly Argument<string[]> _paths = VideoInputs.Argument();

    private readonly LabelledModelsOption _captioners = new("--captioner")
    {
        Description = "NAME=DIR: a label of your choice and a captioner (BLIP, ClipCap, or a vision-encoder-decoder in ONNX), its folder or its name on the "
            + "hub; or NAME=URL, a service with OpenAI's chat interface, such as http://localhost:11434/v1, and --chat-model. Several may follow.",
        HelpName = "NAME=DIR",
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly LabelledModelsOption _clips = new("--captioner-clip")
    {
        Description = "NAME=DIR: the CLIP of the ClipCap of that name, where it does not lie in its folder.",
        HelpName = "NAME=DIR",
    };

    private readonly DecodingOptions _decoding = new();
    private readonly ChatOptions _chat = new();
    private readonly string _otherwise;

    /// <param name="command">The command that takes them.</param>
    /// <param name="otherwise">An option that may stand for the captioners; null = captioners must be given.</param>
    internal CaptionerInputs(Command command, Option<string?>? otherwise = null)
    {
        _captioners.Required = otherwise is null;
        _captioners.Validators.Add(Validators.Paths());
        _otherwise = otherwise is null ? "" : $" or {otherwise.Name} {otherwise.HelpName}, one of the two";
        command.Arguments.Add(_paths);
        command.Options.Add(_captioners);
        command.Options.Add(_clips);
        _decoding.AddTo(command);
        _chat.AddTo(command);
        if (otherwise is not null) command.Options.Add(otherwise);
        command.Validators.Add(result => Check(result, result.GetResult(_captioners), otherwise is not null && result.GetResult(otherwise) is not null));
    }

    /// <summary>Paths in order, and captioners as they were given.</summary>
    internal (IReadOnlyList<string> Paths, CaptionerSettings Captioners) Read(ParseResult parsed)
    {
        var (paths, captioners) = Divide(parsed.GetValue(_paths) ?? [], parsed.GetValue(_captioners) ?? []);
        return (paths, new(captioners, parsed.GetValue(_clips) ?? [], _decoding.Read(parsed), _chat.Read(parsed)));
    }

    private void Check(CommandResult result, OptionResult? given, bool hasOther)
    {
        if (_otherwise.Length > 0 && given is null != hasOther) result.AddError($"Give --captioner NAME=DIR{_otherwise}.");
        var values = given?.Tokens.Select(token => token.Value).ToList() ?? [];
        var (paths, captioners) = Divide(result.GetResult(_paths)?.Tokens.Select(token => token.Value) ?? [], values);
        foreach (var clip in result.GetResult(_clips)?.Tokens.Where(token => !CaptionerSettings.HasForm(token.Value)) ?? [])
            result.AddError($"--captioner-clip: found '{clip.Value}', expected NAME=DIR.");
        if (given is not null && captioners.Count < given.IdentifierTokenCount)
            result.AddError($"--captioner: found '{values.Except(captioners).FirstOrDefault("")}', expected NAME=DIR.");
        else if (paths.Count == 0) result.AddError("Give at least one PATH.");
    }

    private static (List<string> Paths, List<string> Captioners) Divide(IEnumerable<string> paths, IEnumerable<string> values)
    {
        var byForm = values.ToLookup(CaptionerSettings.HasForm);
        return ([.. paths, .. byForm[false]], [.. byForm[true]]);
    }
}
