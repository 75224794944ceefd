using System.CommandLine;
using System.CommandLine.Parsing;
using VideoCaptionRetrieval.Cli.Inputs;
using VideoCaptionRetrieval.Cli.Output;

namespace VideoCaptionRetrieval.Cli.Commands;

/// <summary>Runs a command's body and turns what it throws into a message and an exit code.</summary>
internal sealed class CommandHost(SharedOptions shared, TextWriter output, TextWriter error)
{
    private readonly VideoReadingOptions _videos = new();
    private readonly ModelFetching _models = new();

    /// <summary>What to type after bad usage.</summary>
    internal static string HelpHint(ParseResult parsed) =>
        $"Type '{string.Join(' ', Path(parsed.CommandResult).Reverse().Prepend("vcr"))} --help'.";

    private static IEnumerable<string> Path(SymbolResult? result)
    {
        for (; result is CommandResult { Command: not RootCommand } command; result = result.Parent) yield return command.Command.Name;
    }

    /// <summary>Makes <paramref name="body"/> the action of <paramref name="command"/>. The body returns an exit code.</summary>
    internal Command Handle(Command command, Func<ParseResult, CommandContext, int> body)
    {
        _models.AddTo(command);
        // On a thread of the pool: the parser's Ctrl-C handling needs this one.
        command.SetAction((parsed, cancellation) => Task.Run(() => Run(parsed, body, cancellation), CancellationToken.None));
        return command;
    }

    /// <summary>The same for a command that reads videos.</summary>
    internal Command HandleVideos(Command command, Func<ParseResult, CommandContext, int> body, bool several = true)
    {
        _videos.AddTo(command, several);
        return Handle(command, body);
    }

    private int Run(ParseResult parsed, Func<ParseResult, CommandContext, int> body, CancellationToken cancellation)
    {
        var verbose = parsed.GetValue(shared.Verbose);
        using var context = new CommandContext(output, error, cancellation)
        {
            Json = parsed.GetValue(shared.Json),
            Strict = parsed.GetValue(shared.Strict),
            Verbose = verbose,
            Gpu = parsed.GetValue(shared.Gpu),
            Videos = _videos.Read(parsed),
        };
        try
        {
            _models.Ensure(parsed, context);
            return body(parsed, context);
        }
        catch (Exception e) when (cancellation.IsCancellationRequested || Faults.Root(e) is OperationCanceledException)
        {
            error.WriteLine("Cancelled.");
            return ExitCode.Cancelled;
        }
        catch (UsageException e)
        {
            error.WriteLine(e.Message);
            error.WriteLine(HelpHint(parsed));
            return ExitCode.Usage;
        }
        catch (Exception e)
        {
            error.WriteLine(verbose ? e.ToString() : Faults.Message(e));
            return ExitCode.Failed;
        }
    }
}
