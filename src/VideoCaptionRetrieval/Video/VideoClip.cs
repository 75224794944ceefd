namespace VideoCaptionRetrieval;

/// <summary>A video file, or a part of one.</summary>
/// <param name="VideoId">The name under which results speak of the clip.</param>
/// <param name="Path">The video file.</param>
/// <param name="Start">Where the clip starts, in seconds from the video's first frame; NaN = with the first frame.</param>
/// <param name="End">
/// Where the clip ends, in seconds from the video's first frame; NaN or later than the video's end = with the video.
/// </param>
internal sealed record VideoClip(string VideoId, string Path, double Start = double.NaN, double End = double.NaN);
