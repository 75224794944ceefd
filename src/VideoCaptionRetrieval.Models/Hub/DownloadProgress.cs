namespace VideoCaptionRetrieval.Models.Hub;

/// <summary>Progress of a download.</summary>
/// <param name="File">The file that is fetched or checked now.</param>
/// <param name="Done">Bytes that are here, of all files.</param>
/// <param name="Total">Bytes of all files.</param>
/// <param name="Received">Bytes that this run has received, for the rate.</param>
internal sealed record DownloadProgress(string File, long Done, long Total, long Received);

/// <summary>Adds up the bytes of the files of one download. Not thread-safe.</summary>
internal sealed class ProgressTracker(long total, IProgress<DownloadProgress> progress)
{
    private long _finished, _received;

    /// <summary>Says how far one file is.</summary>
    /// <param name="file">Its name.</param>
    /// <param name="bytes">Bytes of it that are here.</param>
    /// <param name="received">Bytes that arrived since the last call.</param>
    internal void At(string file, long bytes, int received)
    {
        _received += received;
        progress.Report(new(file, _finished + bytes, total, _received));
    }

    /// <summary>Says that a file is complete.</summary>
    internal void Finish(long bytes) => _finished += bytes;
}
