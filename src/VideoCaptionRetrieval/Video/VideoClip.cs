namespace VideoCaptionRetrieval;

/// <summary>A video file, or a part of one. Immutable.</summary>
/// <param name="VideoId">The clip's name in results and errors.</param>
/// <param name="Path">The video file.</param>
/// <param name="Start">The start in seconds, as a player shows them: from the file's start; NaN = the first frame.</param>
/// <param name="End">
/// The end in seconds, as a player shows them: from the file's start; NaN, or a time after the video's end = the end of the video.
/// </param>
public sealed record VideoClip(string VideoId, string Path, double Start = double.NaN, double End = double.NaN);
