namespace VideoCaptionRetrieval.Video;

/// <summary>The size of a frame in pixels.</summary>
internal readonly record struct FrameSize(int Width, int Height);
