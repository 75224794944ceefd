using VideoCaptionRetrieval.Models.Blip;
using VideoCaptionRetrieval.Torch.Layers;
using VideoCaptionRetrieval.Torch.Native;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Torch.Blip;

/// <summary>Words and positions, without token types. Field names are those of the Hugging Face state dict.</summary>
internal sealed class BlipTextEmbeddings : nn.Module
{
    private readonly Embedding word_embeddings;
    private readonly Embedding position_embeddings;
    private readonly LayerNorm LayerNorm;

    internal BlipTextEmbeddings(BlipTextConfig config) : base(nameof(BlipTextEmbeddings))
    {
        word_embeddings = new(config.VocabularySize, config.HiddenSize);
        position_embeddings = new(config.Positions, config.HiddenSize);
        LayerNorm = new(config.HiddenSize, config.LayerNormEpsilon);
        RegisterComponents();
    }

    internal Tensor WordEmbeddings => word_embeddings.weight;

    internal Tensor Forward(Tensor ids, int past)
    {
        using var scope = NewDisposeScope();
        var positions = position_embeddings.weight.narrow(0, past, ids.shape[1]);        // (T, D)
        return LayerNorm.forward(word_embeddings.forward(ids).Plus(positions)).MoveToOuterDisposeScope();
    }
}
