namespace VideoCaptionRetrieval.Models.Hub;

/// <summary>What a remote checkpoint consists of at one commit.</summary>
/// <param name="Source">The repository, or the address of a single file.</param>
/// <param name="Revision">The branch, tag or commit that was asked for; null for a single file.</param>
/// <param name="Commit">The commit that the revision means; null for a single file.</param>
/// <param name="Files">All files.</param>
internal sealed record HubSnapshot(string Source, string? Revision, string? Commit, IReadOnlyList<HubFile> Files);
