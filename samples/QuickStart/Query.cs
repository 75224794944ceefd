namespace QuickStart;

/// <summary>A text and the video that it is about.</summary>
internal sealed record Query(string VideoId, string Text);
