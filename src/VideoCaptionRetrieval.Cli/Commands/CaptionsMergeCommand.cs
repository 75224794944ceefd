using System.CommandLine;
using VideoCaptionRetrieval.Cli.Inputs;
using VideoCaptionRetrieval.Cli.Output;

namespace VideoCaptionRetrieval.Cli.Commands;

/// <summary>vcr captions merge: adds the captions of stores to another one.</summary>
internal static class CaptionsMergeCommand
{
    internal static Command Create(CommandHost host)
    {
        var stores = new Argument<string[]>("STORE") { Description = "Stores whose captions are taken; they stay as they are.", Arity = ArgumentArity.OneOrMore };
        var output = CommonOptions.Output("The store to fill; it is made where it does not exist, and keeps what it holds.", "STORE");
        var command = new Command("merge", "Adds the captions of stores to another one.") { stores, output };
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
            context.Say($"{total.Conflicting} captions were there with another text; the first one of each was kept.");
        context.Print(
            new { store = output, added = total.Added, known = total.Unchanged, conflicts = total.Conflicting, captions = target.Captions.Count },
            [$"{output}: {total.Added} captions added, {total.Unchanged} were there, {target.Captions.Count} in all"]);
        return ExitCode.Done;
    }
}
