using System.CommandLine;
using VideoCaptionRetrieval.Cli.Inputs;
using VideoCaptionRetrieval.Cli.Output;

namespace VideoCaptionRetrieval.Cli.Commands;

/// <summary>vcr captions: what can be done with a store of captions.</summary>
internal static class CaptionsCommand
{
    internal static Command Create(CommandHost host) => new("captions", "Merge, count, export and import stores of captions.")
    {
        CaptionsMergeCommand.Create(host), CaptionsStatsCommand.Create(host), CaptionsExportCommand.Create(host), CaptionsImportCommand.Create(host),
    };
}

/// <summary>vcr captions merge: adds the captions of stores to another one.</summary>
internal static class CaptionsMergeCommand
{
    internal static Command Create(CommandHost host)
    {
        var stores = new Argument<string[]>("STORE") { Description = "Stores to read; they are not changed.", Arity = ArgumentArity.OneOrMore };
        stores.Validators.Add(Validators.Paths());
        var output = CommonOptions.Output("The store to add to; created if it does not exist.", "STORE");
        var command = new Command("merge", "Add the captions of stores to another store.") { stores, output };
        return host.Handle(command, (parsed, context) => Run(context, parsed.GetRequiredValue(stores), parsed.GetRequiredValue(output)));
    }

    private static int Run(CommandContext context, string[] paths, string output)
    {
        var sources = paths.Select(CaptionSource.OpenStore).ToList();       // before anything is written
        var target = CaptionStore.Open(output);
        var total = new CaptionMerge(0, 0, 0);
        foreach (var source in sources)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            var merge = target.Merge(source.Captions);
            total = new(total.Added + merge.Added, total.Unchanged + merge.Unchanged, total.Conflicting + merge.Conflicting);
        }
        if (total.Conflicting > 0)
            context.Report($"{total.Conflicting} captions were there with another text; the first one of each was kept.");
        context.Print(
            new { store = output, added = total.Added, known = total.Unchanged, conflicts = total.Conflicting, captions = target.Captions.Count },
            [$"{output}: {total.Added} captions added, {total.Unchanged} were there, {target.Captions.Count} in all"]);
        return ExitCode.Done;
    }
}

/// <summary>vcr captions export: writes a store's captions into one file.</summary>
internal static class CaptionsExportCommand
{
    private const string Parquet = ".parquet";

    internal static Command Create(CommandHost host)
    {
        var store = new Argument<string>("STORE") { Description = "The store." };
        var output = CommonOptions.Output($"The file to write: Parquet where its name ends in {Parquet}, else JSON lines, which 'vcr select' and 'vcr fit' take.");
        var command = new Command("export", "Write the captions of a store to one file, JSON lines or Parquet.") { store, output };
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

/// <summary>vcr captions import: adds the captions of a file to a store.</summary>
internal static class CaptionsImportCommand
{
    internal static Command Create(CommandHost host)
    {
        var file = new Argument<string>("FILE") { Description = "A file that 'vcr captions export' wrote, JSON lines or Parquet." };
        var output = CommonOptions.Output("The store to add to; created if it does not exist.", "STORE");
        var command = new Command("import", "Add the captions of an exported file to a store.") { file, output };
        return host.Handle(command, (parsed, context) =>
        {
            var (path, folder) = (parsed.GetRequiredValue(file), parsed.GetRequiredValue(output));
            if (!File.Exists(path)) throw new UserErrorException($"'{path}' does not exist; expected a file that 'vcr captions export' wrote.");
            var store = CaptionStore.Open(folder);
            var merge = store.Import(path);
            if (merge.Conflicting > 0) context.Report($"{merge.Conflicting} captions were there with another text; the store's own were kept.");
            context.Print(
                new { store = folder, added = merge.Added, known = merge.Unchanged, conflicts = merge.Conflicting, captions = store.Captions.Count },
                [$"{folder}: {merge.Added} captions added, {merge.Unchanged} were there, {store.Captions.Count} in all"]);
            return ExitCode.Done;
        });
    }
}
