namespace VideoCaptionRetrieval.Models;

/// <summary>The text side of a dual encoder alone: what a search needs. Embedding is thread-safe; whoever loads it disposes it.</summary>
internal interface ITextEncoder : IDisposable
{
    /// <summary>Length D of an embedding.</summary>
    int Dimension { get; }

    /// <summary>The embedding [D] of a text, projected and not normalised.</summary>
    float[] Embed(string text);
}
