using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.Objective;

namespace VideoCaptionRetrieval;

/// <summary>What an index holds, and how it was made. Immutable.</summary>
/// <param name="Videos">The number of videos.</param>
/// <param name="Frames">The number of their frames.</param>
/// <param name="Dimension">Length D of an embedding.</param>
/// <param name="Scoring">How a search compares a video with a text.</param>
/// <param name="Model">SHA-256 of the model that made the embeddings, in hexadecimal.</param>
/// <param name="Family">Family of the text tower; null where the index has none.</param>
public sealed record VideoIndexDescription(
    int Videos, long Frames, int Dimension, FrameScoring Scoring, string Model, string? Family)
{
    /// <summary>How the model multiplied matrices of 8 bits; null where it computed in floating point, or 0.1 wrote the index.</summary>
    public IntegerProducts? Products { get; init; }
}
