namespace VideoCaptionRetrieval.Models.Hub;

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
