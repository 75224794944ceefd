using System.CommandLine;
using System.Globalization;
using VideoCaptionRetrieval.Cli.Output;
using VideoCaptionRetrieval.Models.Families;
using VideoCaptionRetrieval.Models.Hub;
using VideoCaptionRetrieval.Models.Registry;

namespace VideoCaptionRetrieval.Cli.Commands;

/// <summary>vcr inspect CHECKPOINT: format, sizes, types, and what is missing or left over.</summary>
internal static class InspectCommand
{
    internal static Command Create(CommandHost host)
    {
        var path = new Argument<string>("CHECKPOINT") { Description = "A checkpoint folder, or a PyTorch file with its tokenizer beside it." };
        var command = new Command("inspect", "Show what a checkpoint holds, and what is missing or unexpected in it.") { path };
        return host.Handle(command, (parsed, context) => Run(context, parsed.GetRequiredValue(path)));
    }

    private static int Run(CommandContext context, string path)
    {
        var report = CheckpointFormats.Inspect(path);
        context.Print(ToJson(report), Lines(report));
        return report.IsComplete ? ExitCode.Done : ExitCode.Failed;
    }

    private static object ToJson(CheckpointReport report) => new
    {
        path = report.Path,
        model = report.Model,
        format = report.Format,
        complete = report.IsComplete,
        settings = report.Facts.ToDictionary(fact => Camel(fact.Key), fact => fact.Value),
        files = report.Files.Select(file => new { name = file.Key, bytes = file.Value }),
        tensors = report.Tensors,
        weights = report.Elements.ToDictionary(type => type.Key, type => type.Value),
        missing = report.Missing,
        unexpected = report.Unexpected,
        wrong = report.Wrong,
    };

    private static IEnumerable<string> Lines(CheckpointReport report)
    {
        yield return $"{report.Path}: {report.Model}, {report.Format}";
        foreach (var (name, value) in report.Facts) yield return Line(name, value);
        foreach (var (name, bytes) in report.Files) yield return Line(name, ByteSize.Text(bytes));
        if (report.Tensors is { } tensors) yield return Line("tensors", tensors);
        foreach (var (type, count) in report.Elements) yield return Line("weights", Text($"{count:#,0} {type}"));
        foreach (var name in report.Missing) yield return Line("missing", name);
        foreach (var name in report.Unexpected) yield return Line("unexpected", name);
        foreach (var fault in report.Wrong) yield return Line("wrong", fault);
        yield return report.IsComplete ? "complete" : "not complete: it cannot be loaded";
    }

    private static string Line(string name, object value) => $"  {name,-28} {value}";

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static string Camel(string name) => string.Concat(name.Split(' ')
        .Select((word, index) => index == 0 ? word : char.ToUpperInvariant(word[0]) + word[1..]));
}
