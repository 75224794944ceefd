namespace VideoCaptionRetrieval.Models.Hub;

/// <summary>A file of a checkpoint that is complete on the disk.</summary>
/// <param name="Name">Its path below the folder.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Sha256">SHA-256 of its content.</param>
/// <param name="IsNew">Whether it was fetched; else it was there already.</param>
internal sealed record FetchedFile(string Name, long Size, string Sha256, bool IsNew);
