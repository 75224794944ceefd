namespace VideoCaptionRetrieval;

/// <summary>How far an <see cref="ImageCaptioner"/> is, all its cursors together.</summary>
/// <param name="Videos">Videos done, those that could not be read included.</param>
/// <param name="Captions">Captions written by captioners.</param>
/// <param name="Reused">Captions found in the store.</param>
public sealed record CaptioningProgress(long Videos, long Captions, long Reused);
