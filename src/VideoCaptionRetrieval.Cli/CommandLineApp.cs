using System.CommandLine;
using System.Globalization;
using VideoCaptionRetrieval.Cli.Commands;
using VideoCaptionRetrieval.Cli.Inputs;
using VideoCaptionRetrieval.Cli.Output;

namespace VideoCaptionRetrieval.Cli;

/// <summary>Parses the command line, runs one command, and turns faults into messages and exit codes.</summary>
internal static class CommandLineApp
{
    /// <summary>How long a cancelled command may take to clean up before the process ends without it.</summary>
    private static readonly TimeSpan CancellationGrace = TimeSpan.FromSeconds(1);

    internal static async Task<int> RunAsync(string[] arguments, TextWriter output, TextWriter error)
    {
        // Scripts write options and read results: a number is the same on every machine. The culture flows with what this method calls.
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.InvariantCulture;
        var parsed = Parse(arguments.Length > 0 ? arguments : ["--help"], output, error);
        if (parsed.Errors.Count > 0)
        {
            foreach (var problem in parsed.Errors) error.WriteLine(problem.Message);
            error.WriteLine(CommandHost.HelpHint(parsed));
            return ExitCode.Usage;
        }
        return await parsed.InvokeAsync(new InvocationConfiguration
        {
            Output = output,
            Error = error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = CancellationGrace,
        });
    }

    /// <summary>Reads a command line; its faults are in the result.</summary>
    internal static ParseResult Parse(string[] arguments, TextWriter output, TextWriter error)
    {
        var shared = new SharedOptions();
        var root = new RootCommand("Text-to-video retrieval: caption frames, fine-tune CLIP on the captions, evaluate, search.");
        shared.AddTo(root);
        foreach (var command in AllCommands(new CommandHost(shared, output, error))) root.Subcommands.Add(command);
        Validators.RefuseCommas(root);
        // A text may begin with '@': there are no files of further arguments.
        return root.Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
    }

    private static IEnumerable<Command> AllCommands(CommandHost host) =>
    [
        FramesCommand.Create(host), EmbedCommand.Create(host), CaptionCommand.Create(host), CaptionsCommand.Create(host),
        SelectCommand.Create(host),
        FitCommand.Create(host), EvaluateCommand.Create(host), IndexCommand.Create(host), SearchCommand.Create(host),
        ModelsCommand.Create(host), InspectCommand.Create(host), ExportCommand.Create(host), WorldCommand.Create(host), AblateCommand.Create(host),
        DoctorCommand.Create(host),
    ];
}
