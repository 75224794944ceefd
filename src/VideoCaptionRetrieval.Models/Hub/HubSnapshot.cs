namespace VideoCaptionRetrieval.Models.Hub;

/// <summary>What a remote checkpoint consists of at one commit.</summary>
/// <param name="Source">The repository, or the address of a single file.</param>
/// <param name="Revision">The branch, tag or commit that was asked for; null for a single file.</param>
/// <param name="Commit">The commit that the revision means; null for a single file.</param>
/// <param name="Files">All files.</param>
internal sealed record HubSnapshot(string Source, string? Revision, string? Commit, IReadOnlyList<HubFile> Files);

/// <summary>One file of a remote checkpoint.</summary>
/// <param name="Name">Its path below the folder, with '/'.</param>
/// <param name="Address">Where it is fetched; with a commit in it, or with a hash, so that it means one content.</param>
/// <param name="Size">Bytes; null while that is not known.</param>
/// <param name="Hash">What its content must be; null where the server announces nothing.</param>
/// <param name="Tag">A strong entity tag, by which a file without hash is continued.</param>
internal sealed record HubFile(string Name, Uri Address, long? Size = null, ContentHash? Hash = null, string? Tag = null)
{
    /// <summary>What identifies the content: a part that was fetched for another identity is not continued.</summary>
    internal string Identity => Hash?.ToString() ?? $"{Address} {Tag} {Size}";
}
