namespace VideoCaptionRetrieval.Models.Hub;

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
