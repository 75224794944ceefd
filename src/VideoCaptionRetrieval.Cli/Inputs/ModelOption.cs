using System.CommandLine;

namespace VideoCaptionRetrieval.Cli.Inputs;

/// <summary>An option that names models, which are fetched before the command begins where they are not here.</summary>
internal interface IModelOption
{
    /// <summary>The models that a command line names: folders, files, or names of the hub.</summary>
    IEnumerable<string> Models(ParseResult parsed);
}

/// <summary>One model.</summary>
internal sealed class ModelOption : Option<string>, IModelOption
{
    internal ModelOption(string name, string description)
        : base(name)
    {
        (Description, HelpName) = (description, "MODEL");
    }

    /// <inheritdoc/>
    public IEnumerable<string> Models(ParseResult parsed) => parsed.GetValue(this) is { Length: > 0 } model ? [model] : [];
}

/// <summary>Models with labels of the user's: NAME=MODEL. Addresses of chat models, and paths that follow without a label, are none.</summary>
internal sealed class LabelledModelsOption(string name) : Option<string[]>(name), IModelOption
{
    /// <inheritdoc/>
    public IEnumerable<string> Models(ParseResult parsed) => (parsed.GetValue(this) ?? []).Where(CaptionerSettings.HasForm)
        .Select(value => value.Split('=', 2)[1]).Where(model => !ChatEndpoint.TryParse(model, out _));
}
