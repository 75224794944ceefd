namespace VideoCaptionRetrieval.Models.Hub;

/// <summary>How far a download has come.</summary>
/// <param name="File">The file that is fetched or checked now.</param>
/// <param name="Done">Bytes that are here, of all files.</param>
/// <param name="Total">Bytes of all files.</param>
/// <param name="Received">Bytes that this run has received, for the rate.</param>
internal sealed record DownloadProgress(string File, long Done, long Total, long Received);
