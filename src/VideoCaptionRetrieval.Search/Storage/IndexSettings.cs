using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.Objective;

namespace VideoCaptionRetrieval.Search.Storage;

/// <summary>The settings that an index was made with, and that hold for all of its videos and queries.</summary>
/// <param name="Dimension">D, the length of an embedding.</param>
/// <param name="Scoring">Pooling and τ of a search.</param>
/// <param name="FrameCount">The number of frames to sample of a video that is added; the index itself takes any number.</param>
/// <param name="Model">Identity of the model that made the embeddings: a SHA-256 in hexadecimal.</param>
/// <param name="Products">How that model multiplied matrices of 8 bits; null = it computed in floating point, or 0.1 wrote the index.</param>
internal sealed record IndexSettings(int Dimension, FrameScoring Scoring, int FrameCount, string Model, IntegerProducts? Products = null)
{
    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Dimension, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(FrameCount, 1);
        ArgumentException.ThrowIfNullOrWhiteSpace(Model);
    }
}
