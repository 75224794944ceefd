namespace VideoCaptionRetrieval.Captioning;

/// <summary>What a stored caption belongs to.</summary>
/// <param name="Content">The video file (<see cref="VideoContent"/>), or the frame itself.</param>
/// <param name="Start">First second of the clip; NaN = the beginning.</param>
/// <param name="End">Last second of the clip; NaN = the end.</param>
/// <param name="Time">The frame's presentation time in seconds.</param>
/// <param name="Captioner">The captioner's identity.</param>
internal sealed record CaptionKey(string Content, double Start, double End, double Time, string Captioner);
