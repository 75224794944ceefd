namespace VideoCaptionRetrieval;

/// <summary>How far two captioners say the same of a video.</summary>
/// <param name="First">A captioner's label.</param>
/// <param name="Second">Another one's.</param>
/// <param name="Share">Texts that both wrote / texts that either wrote, averaged over the videos that both captioned; 0 to 1.</param>
public sealed record CaptionerOverlap(string First, string Second, double Share);
