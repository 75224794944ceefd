namespace VideoCaptionRetrieval.Captioning;

/// <summary>What a stored caption belongs to: parts of a video share the captions of their frames.</summary>
/// <param name="Content">The video file (<see cref="VideoContent"/>), or the frame itself.</param>
/// <param name="Time">The frame's presentation time in seconds.</param>
/// <param name="Identity">The captioner's identity.</param>
internal readonly record struct CaptionKey(string Content, double Time, string Identity);
