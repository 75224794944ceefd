using VideoCaptionRetrieval.Models.Clip.Graphs;
using VideoCaptionRetrieval.Models.Tokenization;

namespace VideoCaptionRetrieval.Models.Clip;

/// <summary>Texts through the text tower of a graph. Thread-safe.</summary>
internal sealed class OnnxClipTexts(GraphTextTower tower, ClipTokenizer tokenizer)
{
    private const int TextsAtOnce = 64;

    /// <summary>Length D of an embedding; 0 or less where the graph does not state it.</summary>
    internal int Dimension => tower.Dimension;

    /// <summary>Texts → [texts, D], projected.</summary>
    internal void Embed(IReadOnlyList<string> texts, int dimension, Span<float> embeddings)
    {
        for (var start = 0; start < texts.Count; start += TextsAtOnce)
        {
            var part = texts.Skip(start).Take(TextsAtOnce).ToList();
            tower.Embed(tokenizer.EncodeBatch(part), embeddings.Slice(start * dimension, part.Count * dimension));
        }
    }
}
