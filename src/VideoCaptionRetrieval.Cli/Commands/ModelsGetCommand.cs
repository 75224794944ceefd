using System.CommandLine;
using VideoCaptionRetrieval.Cli.Inputs;
using VideoCaptionRetrieval.Cli.Output;
using VideoCaptionRetrieval.Models.Hub;

namespace VideoCaptionRetrieval.Cli.Commands;

/// <summary>vcr models get: fetches a public checkpoint into a folder, or goes on where an earlier run ended.</summary>
internal static class ModelsGetCommand
{
    private sealed record Settings(string Name, string? Revision, string? Endpoint, string? Folder, IReadOnlyList<string> Patterns);

    internal static Command Create(CommandHost host)
    {
        var name = new Argument<string>("NAME") { Description = "A name of 'vcr models list', or a repository of the hub: OWNER/NAME." };
        var revision = Text("--revision", "Branch, tag or commit; by default the newest state.", "R");
        var endpoint = Text(
            "--endpoint", $"The hub's address; by default {HubOptions.EndpointVariable}, else {HubOptions.PublicEndpoint}.", "URL");
        var folder = Text("--out", "The folder to fill; by default the model's own in your cache, where every command finds it by its name.", "DIR");
        var patterns = new Option<string[]>("--include")
        {
            Description = "Fetch these files of the repository too, such as 'onnx/*_quantized.onnx'; may be repeated.",
            HelpName = "PATTERN",
        };
        var command = new Command("get", "Fetch a public checkpoint; Ctrl-C is safe, the same command continues.")
        {
            name, revision, endpoint, folder, patterns,
        };
        return host.Handle(command, (parsed, context) => RunAsync(context, new(
            parsed.GetRequiredValue(name), parsed.GetValue(revision), parsed.GetValue(endpoint), parsed.GetValue(folder),
            parsed.GetValue(patterns) ?? [])).GetAwaiter().GetResult());
    }

    private static Option<string?> Text(string name, string description, string kind) =>
        new(name) { Description = description, HelpName = kind };

    private static async Task<int> RunAsync(CommandContext context, Settings settings)
    {
        var options = new HubOptions { Say = context.Report };
        if (settings.Endpoint is { } endpoint) options.Endpoint = endpoint;
        using var client = new HubClient(options);
        var fetch = await ModelFetch.FindAsync(client, options, settings.Name, settings.Revision, settings.Patterns, context.Cancellation);
        var folder = settings.Folder ?? ModelHub.CacheFolder(fetch.FolderName);
        if (File.Exists(folder)) throw new UserErrorException($"--out: '{folder}' is a file; expected a folder.");
        var files = ModelFetching.Run(context, client, options, fetch, settings.Folder);
        var fetched = files.Where(file => file.IsNew).Sum(file => file.Size);
        context.Print(
            new
            {
                source = fetch.Snapshot.Source,
                revision = fetch.Snapshot.Revision,
                commit = fetch.Snapshot.Commit,
                @out = folder,
                fetchedBytes = fetched,
                files = files.Select(file => new { name = file.Name, size = file.Size, sha256 = file.Sha256, fetched = file.IsNew }),
            },
            [$"{Use(settings, folder, files)}: {files.Count} files, {ByteSize.Text(files.Sum(file => file.Size))}"
                + (fetched == 0 ? ", all here already" : "")]);
        return ExitCode.Done;
    }

    /// <summary>What other commands take: the name, or the folder or the one file in it.</summary>
    private static string Use(Settings settings, string folder, IReadOnlyList<FetchedFile> files) =>
        settings.Folder is null ? settings.Name : files is [var only] ? Path.Combine(folder, only.Name) : folder;
}
