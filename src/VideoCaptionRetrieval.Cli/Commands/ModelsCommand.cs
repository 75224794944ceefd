using System.CommandLine;
using VideoCaptionRetrieval.Cli.Output;
using VideoCaptionRetrieval.Models.Hub;

namespace VideoCaptionRetrieval.Cli.Commands;

/// <summary>vcr models: lists public checkpoints and fetches them.</summary>
internal static class ModelsCommand
{
    internal static Command Create(CommandHost host) =>
        new("models", "List public checkpoints and fetch them.") { ModelsGetCommand.Create(host), List(host) };

    private static Command List(CommandHost host) =>
        host.Handle(new Command("list", "List the public checkpoints that 'vcr models get' knows by name."), (_, context) => Run(context));

    private static int Run(CommandContext context)
    {
        var width = KnownModels.All.Max(model => model.Name.Length);
        context.Print(new { models = KnownModels.All.Select(Json) }, KnownModels.All.Select(model => Line(model, width)));
        return ExitCode.Done;
    }

    private static object Json(KnownModel model) => new
    {
        name = model.Name,
        kind = model.Kind,
        family = model.Kind,
        source = model.Source,
        repository = model.Source,
        revision = model.Revision,
        licence = model.Licence,
        languages = model.Languages,
        cached = ModelHub.Find(model.Name) is not null,
        description = model.Description,
        files = model.Files,
        bytes = model.Bytes,
        byHand = model.ByHand,
    };

    private static string Line(KnownModel model, int width)
    {
        var size = model.ByHand is not null ? "by hand" : model.Bytes is { } bytes ? ByteSize.Text(bytes) : "";
        var cached = ModelHub.Find(model.Name) is not null ? "here" : "";
        return $"{model.Name.PadRight(width)}  {model.Kind,-7}  {size,7}  {cached,-4}  {model.Description} ({model.Source})";
    }
}
