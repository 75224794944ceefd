using TorchSharp.Modules;
using VideoCaptionRetrieval.Models.Layers;
using VideoCaptionRetrieval.Models.Native;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Models.Clip;

// Field names are Hugging Face's state-dict names, 'pre_layrnorm' with its published spelling.

/// <summary>Patches, class vector and positions.</summary>
internal sealed class ClipVisionEmbeddings : nn.Module
{
    internal readonly Parameter class_embedding;        // [C]
    internal readonly ClipPatches patch_embedding;
    internal readonly BareTable position_embedding;

    internal ClipVisionEmbeddings(ClipVisionConfig config) : base(nameof(ClipVisionEmbeddings))
    {
        class_embedding = BareParameter.Empty(config.Tower.HiddenSize);
        patch_embedding = new(config.Tower.HiddenSize, config.PatchSize);
        position_embedding = new(config.Patches + 1, config.Tower.HiddenSize);
        RegisterComponents();
    }

    internal Tensor Forward(Tensor pixelValues)
    {
        var patches = patch_embedding.forward(pixelValues).flatten(2).transpose(1, 2);      // (B, patches, C)
        return cat([class_embedding.expand(patches.shape[0], 1, -1), patches], 1).Plus(position_embedding.weight);
    }
}

/// <summary>The image tower.</summary>
internal sealed class ClipVisionTower : nn.Module
{
    internal readonly ClipVisionEmbeddings embeddings;
    internal readonly BareNorm pre_layrnorm, post_layernorm;
    internal readonly ClipEncoderStack encoder;

    internal ClipVisionTower(ClipVisionConfig config) : base(nameof(ClipVisionTower))
    {
        embeddings = new(config);
        pre_layrnorm = new(config.Tower.HiddenSize, config.Tower.LayerNormEpsilon);
        encoder = new(config.Tower);
        post_layernorm = new(config.Tower.HiddenSize, config.Tower.LayerNormEpsilon);
        RegisterComponents();
    }

    /// <summary>[B, 3, S, S] → [B, 1 + patches, C]: all positions, before the last norm.</summary>
    internal Tensor HiddenStates(Tensor pixelValues) =>
        encoder.Forward(pre_layrnorm.forward(embeddings.Forward(pixelValues)), causal: false);

    /// <summary>[B, 3, S, S] → [B, C]: the class position, after the last norm.</summary>
    internal Tensor Forward(Tensor pixelValues)
    {
        using var scope = NewDisposeScope();
        return post_layernorm.forward(HiddenStates(pixelValues).select(1, 0)).MoveToOuterDisposeScope();
    }
}
