using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Spectre.Console;
using VideoCaptionRetrieval.Cli.Output;
using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.Models.Hub;

namespace VideoCaptionRetrieval.Cli.Inputs;

/// <summary>Fetches the models that a command names and that are not here, into the user's cache.</summary>
internal sealed class ModelFetching
{
    /// <summary>On a terminal, a person is asked before more than this many bytes are fetched.</summary>
    private const long Large = 1_000_000_000;

    private readonly Option<bool> _yes = new("--yes") { Description = "Fetch models of any size without asking." };

    private readonly Option<bool> _offline = new("--offline")
    {
        Description = $"Do not fetch models that are not in the cache; as {HubOptions.OfflineVariable}=1.",
    };

    /// <summary>Adds --yes and --offline to a command that takes models.</summary>
    internal void AddTo(Command command)
    {
        if (!command.Options.OfType<IModelOption>().Any()) return;
        command.Options.Add(_yes);
        command.Options.Add(_offline);
    }

    /// <summary>Sees that all models of a command line are here. What cannot be the name of one is left to the command.</summary>
    /// <exception cref="UserErrorException">One cannot be fetched.</exception>
    internal void Ensure(ParseResult parsed, CommandContext context)
    {
        foreach (var model in parsed.CommandResult.Command.Options.OfType<IModelOption>().SelectMany(option => option.Models(parsed)).Distinct())
            if (ModelHub.Find(model) is null && ModelHub.IsName(model)) Fetch(model, parsed, context);
    }

    private void Fetch(string model, ParseResult parsed, CommandContext context)
    {
        var options = new HubOptions { Say = context.Report };
        options.Offline |= parsed.GetValue(_offline);
        try
        {
            options.RequireNetwork(model);
            using var client = new HubClient(options);
            var fetch = ModelFetch.FindAsync(client, options, model, null, [], context.Cancellation).GetAwaiter().GetResult();
            if (fetch.Bytes > Large && !parsed.GetValue(_yes)) Ask(model, fetch.Bytes, context);
            Run(context, client, options, fetch);
        }
        catch (HubException e)
        {
            // OWNER/NAME may be a misspelt path as well.
            var path = model.Contains('/', StringComparison.Ordinal)
                ? $"it does not exist (working directory '{Directory.GetCurrentDirectory()}'), and as a model of the hub: "
                : "";
            throw new UserErrorException($"'{model}': {path}{e.Message.TrimEnd('.')}; {MissingModel.Advice}.", e);
        }
    }

    /// <summary>Fetches a model with its progress shown.</summary>
    /// <param name="context">Where progress goes.</param>
    /// <param name="client">The hub.</param>
    /// <param name="options">Its messages go between the bars.</param>
    /// <param name="fetch">What is fetched.</param>
    /// <param name="folder">Where to; null = the user's cache.</param>
    internal static IReadOnlyList<FetchedFile> Run(CommandContext context, HubClient client, HubOptions options, ModelFetch fetch, string? folder = null) =>
        WorkProgress.Show(context, progress =>
        {
            options.Say = progress.Print;
            var reports = new DirectProgress<DownloadProgress>(new TransferProgress(fetch.FolderName, progress).Report);
            var work = folder is null
                ? ModelHub.FetchAsync(client, options, fetch, reports, context.Cancellation)
                : new ModelDownload(client, options).RunAsync(fetch.Snapshot, fetch.Files, folder, reports, context.Cancellation);
            return work.GetAwaiter().GetResult();
        });

    private static void Ask(string model, long bytes, CommandContext context)
    {
        if (!context.ShowsBars || Console.IsInputRedirected) return;
        if (!context.Console.Confirm(Markup.Escape($"'{model}' is not here yet. Fetch {ByteSize.Text(bytes)} into the cache?")))
            throw new UserErrorException($"'{model}' was not fetched.");
    }

    /// <summary>Shows bytes as megabytes, with their rate.</summary>
    private sealed class TransferProgress(string name, WorkProgress progress)
    {
        private const double Megabyte = 1e6;

        private readonly long _start = Stopwatch.GetTimestamp();
        private bool _begun;

        internal void Report(DownloadProgress state)
        {
            var total = (int)Math.Ceiling(state.Total / Megabyte);
            if (!_begun) progress.Begin($"fetching {name}", total, WorkProgress.Continues);
            _begun = true;
            var rate = state.Received / Megabyte / Stopwatch.GetElapsedTime(_start).TotalSeconds;
            var detail = string.Create(CultureInfo.InvariantCulture, $" MB, {rate:0.0} MB/s, {state.File}");
            progress.Report((int)(state.Done / Megabyte), detail);
        }
    }
}
