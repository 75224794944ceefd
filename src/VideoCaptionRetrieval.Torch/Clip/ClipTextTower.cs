using VideoCaptionRetrieval.Models.Clip.Configuration;
using VideoCaptionRetrieval.Torch.Native;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Torch.Clip;

// Field names are Hugging Face's state-dict names.

/// <summary>Embeds tokens and positions.</summary>
internal sealed class ClipTextEmbeddings : nn.Module
{
    internal readonly Embedding token_embedding, position_embedding;

    internal ClipTextEmbeddings(ClipTextConfig config) : base(nameof(ClipTextEmbeddings))
    {
        token_embedding = new(config.VocabularySize, config.Tower.HiddenSize);
        position_embedding = new(config.ContextLength, config.Tower.HiddenSize);
        RegisterComponents();
    }

    internal Tensor Forward(Tensor ids) => token_embedding.forward(ids).Plus(position_embedding.weight.narrow(0, 0, ids.shape[1]));
}

/// <summary>The text tower; attention is causal, so tokens after the end of text do not matter.</summary>
internal sealed class ClipTextTower : nn.Module
{
    internal readonly ClipTextEmbeddings embeddings;
    internal readonly ClipEncoder encoder;
    internal readonly LayerNorm final_layer_norm;
    private readonly int _endOfTextId;

    internal ClipTextTower(ClipTextConfig config) : base(nameof(ClipTextTower))
    {
        _endOfTextId = config.EndOfTextId;
        embeddings = new(config);
        encoder = new(config.Tower);
        final_layer_norm = new(config.Tower.HiddenSize, config.Tower.LayerNormEpsilon);
        RegisterComponents();
    }

    /// <summary>Computes the states [B, T, C] of all positions of the ids [B, T], after the last norm.</summary>
    internal Tensor HiddenStates(Tensor ids) => final_layer_norm.forward(encoder.Forward(embeddings.Forward(ids), causal: true));

    /// <summary>Computes the state [B, C] at the end of text of the ids [B, T].</summary>
    internal Tensor Forward(Tensor ids)
    {
        using var scope = NewDisposeScope();
        var rows = TensorArithmetic.Indices(ids.shape[0], ids.device);
        return HiddenStates(ids)[rows, EndOfText(ids)].MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Finds the first position of the end id, or, by the published models' convention, of the largest id (both as in transformers).
    /// </summary>
    private Tensor EndOfText(Tensor ids) => _endOfTextId == ClipTextConfig.LegacyEndOfTextId
        ? ids.argmax(-1)
        : ids.EqualTo(_endOfTextId).to(ScalarType.Int32).argmax(-1);
}
