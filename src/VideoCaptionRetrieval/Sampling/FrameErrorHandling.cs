namespace VideoCaptionRetrieval;

/// <summary>Decides what happens to a video that cannot be read.</summary>
public enum FrameErrorHandling
{
    /// <summary>The getter of its frames throws <see cref="VideoReadException"/>.</summary>
    Throw,

    /// <summary>Its frames are all zero, their times NaN, and the column FrameError says why; no network runs on the row.</summary>
    Report,
}
