namespace VideoCaptionRetrieval.Experiments;

/// <summary>What is true of a video of the world.</summary>
/// <param name="Video">Its path.</param>
/// <param name="Text">A sentence about one of its scenes.</param>
public sealed record ShapeWorldSentence(string Video, string Text);
