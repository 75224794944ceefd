namespace VideoCaptionRetrieval.Video;

/// <summary>Frames <paramref name="Start"/> … <paramref name="End"/> − 1.</summary>
internal readonly record struct FrameRange(int Start, int End);
