namespace VideoCaptionRetrieval.Captioning;

/// <summary>A caption to be stored.</summary>
/// <param name="Key">What it belongs to.</param>
/// <param name="VideoId">The video's name, for people who read the file.</param>
/// <param name="Text">The caption.</param>
internal sealed record StoredCaption(CaptionKey Key, string VideoId, string Text);
