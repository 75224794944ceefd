namespace VideoCaptionRetrieval;

/// <summary>Options of writing a <see cref="ContactSheet"/>.</summary>
public sealed class ContactSheetOptions
{
    /// <summary>Location and limits of ffmpeg.</summary>
    /// <value>The default value takes ffmpeg from PATH.</value>
    public FfmpegOptions Ffmpeg { get; set; } = new();

    /// <summary>Receives the number of hits whose pictures were read so far.</summary>
    /// <value>The default value is null.</value>
    public IProgress<int>? Progress { get; set; }

    /// <summary>Cancels the work with an <see cref="OperationCanceledException"/>; no file is written then.</summary>
    /// <value>The default value never cancels.</value>
    public CancellationToken CancellationToken { get; set; }
}
