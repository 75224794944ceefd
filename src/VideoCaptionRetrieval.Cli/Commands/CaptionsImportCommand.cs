using System.CommandLine;
using VideoCaptionRetrieval.Cli.Output;

namespace VideoCaptionRetrieval.Cli.Commands;

/// <summary>vcr captions import: adds the captions of a file to a store.</summary>
internal static class CaptionsImportCommand
{
    internal static Command Create(CommandHost host)
    {
        var file = new Argument<string>("FILE") { Description = "A file that 'vcr captions export' wrote, JSON lines or Parquet." };
        var output = CommonOptions.Output("The store to fill; it is made where it does not exist, and keeps what it holds.", "STORE");
        var command = new Command("import", "Adds the captions of an exported file to a store.") { file, output };
        return host.Handle(command, (parsed, context) =>
        {
            var (path, folder) = (parsed.GetRequiredValue(file), parsed.GetRequiredValue(output));
            if (!File.Exists(path)) throw new UserErrorException($"'{path}' does not exist; expected a file that 'vcr captions export' wrote.");
            var store = CaptionStore.Open(folder);
            var merge = store.Import(path);
            if (merge.Conflicting > 0) context.Say($"{merge.Conflicting} captions were there with another text; the store's own were kept.");
            context.Print(
                new { store = folder, added = merge.Added, known = merge.Unchanged, conflicts = merge.Conflicting, captions = store.Captions.Count },
                [$"{folder}: {merge.Added} captions added, {merge.Unchanged} were there, {store.Captions.Count} in all"]);
            return ExitCode.Done;
        });
    }
}
