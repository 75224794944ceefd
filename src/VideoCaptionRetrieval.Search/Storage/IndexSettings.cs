using VideoCaptionRetrieval.Objective;

namespace VideoCaptionRetrieval.Search.Storage;

/// <summary>What an index was made with; all of its videos and queries must agree with it.</summary>
/// <param name="Dimension">D, the length of an embedding.</param>
/// <param name="Scoring">Pooling and τ of a search.</param>
/// <param name="FrameCount">Frames sampled from a video. Kept for whoever adds videos; the index takes any number.</param>
/// <param name="Model">Identity of the model that made the embeddings: a SHA-256 in hexadecimal.</param>
internal sealed record IndexSettings(int Dimension, FrameScoring Scoring, int FrameCount, string Model)
{
    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Dimension, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(FrameCount, 1);
        ArgumentException.ThrowIfNullOrWhiteSpace(Model);
    }
}
