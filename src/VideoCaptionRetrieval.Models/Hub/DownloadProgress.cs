namespace VideoCaptionRetrieval.Models.Hub;

/// <summary>Progress of a download.</summary>
/// <param name="File">The file being fetched or checked.</param>
/// <param name="Done">Bytes present so far, of all files.</param>
/// <param name="Total">Size of all files in bytes.</param>
/// <param name="Received">Bytes received by this run, for the rate.</param>
public sealed record DownloadProgress(string File, long Done, long Total, long Received);

/// <summary>Adds up the bytes of the files of one download. Not thread-safe.</summary>
internal sealed class ProgressTracker(long total, IProgress<DownloadProgress> progress)
{
    private long _finished, _received;

    /// <summary>Reports the progress of one file.</summary>
    /// <param name="file">Its name.</param>
    /// <param name="bytes">Bytes of it present so far.</param>
    /// <param name="received">Bytes received since the last call.</param>
    internal void At(string file, long bytes, int received)
    {
        _received += received;
        progress.Report(new(file, _finished + bytes, total, _received));
    }

    /// <summary>Adds a complete file to the total.</summary>
    internal void Finish(long bytes) => _finished += bytes;
}
