using System.CommandLine;
using VideoCaptionRetrieval.Cli.Commands;
using VideoCaptionRetrieval.Cli.Output;

namespace VideoCaptionRetrieval.Cli;

/// <summary>Parses the command line, runs one command, and turns faults into messages and exit codes.</summary>
internal static class CommandLineApp
{
    internal static async Task<int> RunAsync(string[] arguments, TextWriter output, TextWriter error)
    {
        var shared = new SharedOptions();
        var root = new RootCommand("Text-to-video retrieval: captions frames, fine-tunes CLIP on the captions, measures and searches.");
        shared.AddTo(root);
        foreach (var command in AllCommands(shared, output, error)) root.Subcommands.Add(command);

        var parsed = root.Parse(arguments);
        if (parsed.Errors.Count > 0)
        {
            foreach (var problem in parsed.Errors) error.WriteLine(problem.Message);
            error.WriteLine($"Type 'vcr {string.Join(" ", parsed.CommandResult.Command == root ? [] : new[] { parsed.CommandResult.Command.Name })} --help'.".Replace("vcr  --", "vcr --"));
            return ExitCode.Usage;
        }
        return await parsed.InvokeAsync(new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false });
    }

    private static IEnumerable<Command> AllCommands(SharedOptions shared, TextWriter output, TextWriter error)
    {
        var host = new CommandHost(shared, output, error);
        yield return FramesCommand.Create(host);
        yield return EmbedCommand.Create(host);
        yield return CaptionCommand.Create(host);
        yield return SelectCommand.Create(host);
        yield return FitCommand.Create(host);
        yield return EvaluateCommand.Create(host);
        yield return IndexCommand.Create(host);
        yield return SearchCommand.Create(host);
        yield return DoctorCommand.Create(host);
    }
}
