using System.CommandLine;
using VideoCaptionRetrieval.Cli.Inputs;
using VideoCaptionRetrieval.Cli.Output;

namespace VideoCaptionRetrieval.Cli.Commands;

/// <summary>vcr captions export: writes a store's captions into one file.</summary>
internal static class CaptionsExportCommand
{
    private const string Parquet = ".parquet";

    internal static Command Create(CommandHost host)
    {
        var store = new Argument<string>("STORE") { Description = "The store." };
        var output = CommonOptions.Output($"The file to write: Parquet where its name ends in {Parquet}, else JSON lines, which 'vcr select' and 'vcr fit' take.");
        var command = new Command("export", "Writes a store's captions into one file, JSON lines or Parquet.") { store, output };
        return host.Handle(command, (parsed, context) => Run(context, parsed.GetRequiredValue(store), parsed.GetRequiredValue(output)));
    }

    private static int Run(CommandContext context, string path, string output)
    {
        OutputFile.Check(output);
        var store = CaptionSource.OpenStore(path);
        if (output.EndsWith(Parquet, StringComparison.OrdinalIgnoreCase)) store.ExportParquet(output);
        else store.ExportJsonLines(output);
        context.Print(new { @out = output, captions = store.Captions.Count }, [$"{output}: {store.Captions.Count} captions"]);
        return ExitCode.Done;
    }
}
