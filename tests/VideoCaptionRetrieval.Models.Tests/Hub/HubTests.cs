using VideoCaptionRetrieval.Models.Hub;
using VideoCaptionRetrieval.TestSupport.Hub;

namespace VideoCaptionRetrieval.Models.Tests.Hub;

/// <summary>What the tests of downloads share: a hub, a folder, options that do not wait.</summary>
public abstract class HubTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("vcr-hub-").FullName;

    internal LocalHub Hub { get; } = new();

    /// <summary>A folder that does not exist yet.</summary>
    internal string Folder => Path.Combine(_root, "model");

    /// <summary>The waits that were asked for.</summary>
    internal List<TimeSpan> Waits { get; } = [];

    internal List<string> Notes { get; } = [];

    internal List<DownloadProgress> Reports { get; } = [];

    internal HubOptions Options()
    {
        var options = new HubOptions
        {
            Endpoint = Hub.Address,
            Token = null,
            Wait = (wait, _) =>
            {
                Waits.Add(wait);
                return Task.CompletedTask;
            },
            Say = Notes.Add,
        };
        return options;
    }

    internal async Task<IReadOnlyList<FetchedFile>> FetchAsync(
        HubOptions? options = null, string name = LocalHub.Repository, string? revision = null,
        CancellationToken cancellation = default, params string[] patterns)
    {
        options ??= Options();
        using var client = new HubClient(options);
        var fetch = await ModelFetch.FindAsync(client, options, name, revision, patterns, cancellation);
        return await new ModelDownload(client, options)
            .RunAsync(fetch.Snapshot, fetch.Files, Folder, new Collecting(Reports), cancellation);
    }

    internal string In(string name) => Path.Combine(Folder, name);

    internal async Task<string> FailureAsync(HubOptions? options = null, string name = LocalHub.Repository, params string[] patterns) =>
        (await Assert.ThrowsAsync<HubException>(() => FetchAsync(options, name, patterns: patterns))).Message;

    public void Dispose()
    {
        Hub.Dispose();
        Directory.Delete(_root, recursive: true);
        GC.SuppressFinalize(this);
    }

    private sealed class Collecting(List<DownloadProgress> reports) : IProgress<DownloadProgress>
    {
        public void Report(DownloadProgress value) => reports.Add(value);
    }
}
