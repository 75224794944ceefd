namespace VideoCaptionRetrieval;

/// <summary>One video cannot be read; others may be readable. The message names the file and the reason.</summary>
public sealed class VideoReadException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="path">The video file.</param>
    /// <param name="reason">What is wrong with it, as a message.</param>
    /// <param name="innerException">The cause; null = none.</param>
    public VideoReadException(string path, string reason, Exception? innerException = null)
        : base($"'{path}': {reason}", innerException) => (Path, Reason) = (path, reason);

    /// <summary>The video file.</summary>
    public string Path { get; }

    /// <summary>What is wrong with it, without the file's name.</summary>
    public string Reason { get; }
}
