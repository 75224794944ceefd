namespace VideoCaptionRetrieval;

/// <summary>Options of making a <see cref="ContactSheet"/>.</summary>
public sealed class ContactSheetOptions
{
    /// <summary>How videos are decoded.</summary>
    /// <value>The default value takes ffmpeg from PATH.</value>
    public FfmpegOptions Ffmpeg { get; set; } = new();

    /// <summary>Takes the number of hits whose pictures were read so far.</summary>
    /// <value>The default value is null.</value>
    public IProgress<int>? Progress { get; set; }

    /// <summary>Ends the work with an <see cref="OperationCanceledException"/>; no file is written then.</summary>
    /// <value>The default value never does.</value>
    public CancellationToken CancellationToken { get; set; }
}
