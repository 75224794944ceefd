using System.CommandLine;
using VideoCaptionRetrieval.Cli.Inputs;
using VideoCaptionRetrieval.Cli.Output;
using VideoCaptionRetrieval.Experiments.Ablations;

namespace VideoCaptionRetrieval.Cli.Commands;

/// <summary>vcr ablate: trains by a declared grid and prints tables.</summary>
internal static class AblateCommand
{
    internal static Command Create(CommandHost host)
    {
        var plan = new Argument<string>("PLAN") { Description = "A JSON file with models, data sets, seeds and tables, such as docs/ablations.json." };
        var output = CommonOptions.Output("The folder for tables.md and tables.csv.", "DIR");
        var (work, results) = (CommonOptions.Work(), CommonOptions.Results());
        var command = new Command("ablate", "Train and test every condition of a plan; captions are made once and shared.") { plan, output, work, results };
        return host.Handle(command, (parsed, context) =>
            Run(context, parsed.GetRequiredValue(plan), parsed.GetRequiredValue(output), parsed.GetValue(work), parsed.GetValue(results)));
    }

    private static int Run(CommandContext context, string path, string output, string? work, string? results)
    {
        var run = new AblationRun(AblationPlan.Read(path), CommonOptions.WorkFolder(work, output), results, new DirectProgress<string>(context.Report), context.Cancellation);
        var tables = run.Run();
        AblationRun.Write(output, tables);
        context.Print(new { tables = tables.Select(Json) }, [.. tables.Select(table => table.Markdown()), $"{output}: tables.md, tables.csv"]);
        return ExitCode.Done;
    }

    private static object Json(AblationTable table) => new
    {
        title = table.Title,
        dataSets = table.DataSets,
        rows = table.Rows.Select(row => new
        {
            name = row.Name,
            scores = row.Scores.Select(runs => runs.Select(run => new { r1 = run.RecallAt1, r5 = run.RecallAt5, r10 = run.RecallAt10, medianRank = run.MedianRank })),
        }),
    };
}
