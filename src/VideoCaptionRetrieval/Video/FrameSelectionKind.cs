namespace VideoCaptionRetrieval.Video;

/// <summary>The kinds of <see cref="FrameSelection"/>; the numbers are those of saved models of version 1, newer ones hold the names.</summary>
internal enum FrameSelectionKind
{
    SegmentMiddles,
    Every,
    At,
    KeyFrames,
}
