namespace VideoCaptionRetrieval;

/// <summary>A video that was left out because it could not be read.</summary>
/// <param name="VideoId">The video's name, as the input gave it.</param>
/// <param name="Reason">The reason, as a message.</param>
public sealed record SkippedVideo(string VideoId, string Reason);
