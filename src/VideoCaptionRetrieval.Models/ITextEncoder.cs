namespace VideoCaptionRetrieval.Models;

/// <summary>The text side of a dual encoder, as a search needs it. Embedding is thread-safe. The caller owns and disposes it.</summary>
public interface ITextEncoder : IDisposable
{
    /// <summary>Length D of an embedding.</summary>
    int Dimension { get; }

    /// <summary>Computes the embedding [D] of a text, projected and not normalised.</summary>
    float[] Embed(string text);
}
