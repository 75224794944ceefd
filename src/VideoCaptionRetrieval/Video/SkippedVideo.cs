namespace VideoCaptionRetrieval;

/// <summary>A video that a run left out.</summary>
/// <param name="VideoId">The video's name, as the input gave it.</param>
/// <param name="Reason">Why it was left out, for people.</param>
public sealed record SkippedVideo(string VideoId, string Reason);
