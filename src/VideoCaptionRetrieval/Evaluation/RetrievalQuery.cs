namespace VideoCaptionRetrieval.Evaluation;

/// <summary>A text, or several sentences, and the video that it is about.</summary>
/// <param name="VideoId">The video's name.</param>
/// <param name="Sentences">At least one.</param>
internal sealed record RetrievalQuery(string VideoId, IReadOnlyList<string> Sentences);
