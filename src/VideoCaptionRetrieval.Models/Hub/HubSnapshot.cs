namespace VideoCaptionRetrieval.Models.Hub;

/// <summary>The files of a remote checkpoint at one commit.</summary>
/// <param name="Source">The repository, or the address of a single file.</param>
/// <param name="Revision">The requested branch, tag or commit; null for a single file.</param>
/// <param name="Commit">The commit of that revision; null for a single file.</param>
/// <param name="Files">All files.</param>
public sealed record HubSnapshot(string Source, string? Revision, string? Commit, IReadOnlyList<HubFile> Files);

/// <summary>One file of a remote checkpoint.</summary>
/// <param name="Name">Its path below the folder, with '/'.</param>
/// <param name="Address">Address that contains a commit or hash, so that its content never changes.</param>
/// <param name="Size">Size in bytes; null while unknown.</param>
/// <param name="Hash">Expected hash; null where the server announces none.</param>
/// <param name="Tag">Strong entity tag, which lets a file without hash be continued.</param>
public sealed record HubFile(string Name, Uri Address, long? Size = null, ContentHash? Hash = null, string? Tag = null)
{
    /// <summary>Identifies the content: a part of another identity is not continued.</summary>
    internal string Identity => Hash?.ToString() ?? $"{Address} {Tag} {Size}";
}
