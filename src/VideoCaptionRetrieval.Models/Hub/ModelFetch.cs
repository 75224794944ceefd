using System.Text.RegularExpressions;

namespace VideoCaptionRetrieval.Models.Hub;

/// <summary>A checkpoint found by name, repository or address, ready to be fetched.</summary>
/// <param name="Snapshot">The remote files.</param>
/// <param name="Files">The files to fetch, weights last.</param>
/// <param name="FolderName">Name of its folder in the cache.</param>
public sealed record ModelFetch(HubSnapshot Snapshot, IReadOnlyList<HubFile> Files, string FolderName)
{
    /// <summary>The bytes of its files as far as they are known: exact where the hub lists sizes, else those of <see cref="KnownModels"/>.</summary>
    public long Bytes { get; private init; } = Files.Sum(file => file.Size ?? 0);

    internal const string DefaultRevision = "main";

    private static readonly string[] Tokenizer = ["vocab.json", "merges.txt"];

    /// <summary>Resolves a name and asks its server for the files.</summary>
    /// <param name="client">The hub.</param>
    /// <param name="options">Retries and timeouts.</param>
    /// <param name="name">A known name, or a repository.</param>
    /// <param name="revision">Branch, tag or commit; null = 'main'.</param>
    /// <param name="patterns">Patterns of further files of the repository.</param>
    /// <param name="cancellation">Cancels at once.</param>
    /// <exception cref="HubException">The name is unknown, or a program cannot fetch its files.</exception>
    public static async Task<ModelFetch> FindAsync(
        HubClient client, HubOptions options, string name, string? revision, IReadOnlyList<string> patterns, CancellationToken cancellation)
    {
        var known = KnownModels.Find(name);
        if (known?.ByHand is { } remark) throw new HubException($"'{known.Name}' cannot be fetched by a program: {remark}.");
        if (known is { IsAddress: true })
        {
            return revision is null && patterns.Count == 0
                ? await FindAddressAsync(client, options, known, cancellation)
                : throw new HubException($"'{known.Name}' is one file without revisions; leave out --revision and --include.");
        }
        if (known is null && ModelName.Similar(name) is { } similar)
            throw new HubException($"'{name}' is no known name; did you mean '{similar}'? A repository is OWNER/NAME.");
        if (known is null && !RepositoryName.IsValid(name))
            throw new HubException($"'{name}' is neither a known name nor a repository; expected OWNER/NAME, or one of: "
                + $"{string.Join(", ", KnownModels.All.Select(model => model.Name))}.");
        var snapshot = await new HubApi(client, known is null ? options.Impatient() : options).ReadAsync(known?.Source ?? name, revision ?? DefaultRevision, cancellation);
        return new(snapshot, FileSelection.Choose(snapshot, patterns), ModelName.FolderName(name));
    }

    private static async Task<ModelFetch> FindAddressAsync(
        HubClient client, HubOptions options, KnownModel known, CancellationToken cancellation)
    {
        var hash = known.Sha256 is { } sha256 ? new ContentHash(HashKind.Sha256, sha256) : null;
        IEnumerable<HubFile> tokenizer = [];
        if (known.Tokenizer is { } repository)
        {
            var snapshot = await new HubApi(client, options).ReadAsync(repository, DefaultRevision, cancellation);
            tokenizer = snapshot.Files.Where(file => Tokenizer.Contains(file.Name));
        }
        IReadOnlyList<HubFile> files = [.. tokenizer, new HubFile(known.FileName, new(known.Source), Hash: hash)];
        return new(new(known.Source, null, null, files), files, known.Name) { Bytes = known.Bytes ?? 0 };
    }
}

/// <summary>Names of repositories on the hub: OWNER/NAME, and a few old ones without owner.</summary>
internal static partial class RepositoryName
{
    /// <summary>Whether a text is a valid name, safe as part of addresses and of a folder's path.</summary>
    internal static bool IsValid(string name) => Form.IsMatch(name) && !name.Split('/').Any(part => part.All(letter => letter == '.'));

    [GeneratedRegex(@"^[A-Za-z0-9._-]{1,96}(/[A-Za-z0-9._-]{1,96})?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Form { get; }
}
