namespace VideoCaptionRetrieval.Retrieval;

/// <summary>A video as a model sees it.</summary>
/// <param name="VideoId">Its name.</param>
/// <param name="Frames">Frame embeddings [N, D], un-normalised.</param>
/// <param name="Times">Presentation times [N], in seconds; NaN where the data has none.</param>
internal sealed record EmbeddedVideo(string VideoId, float[] Frames, double[] Times);
