using TorchSharp.Modules;
using VideoCaptionRetrieval.Models.Blip;
using VideoCaptionRetrieval.Torch.Layers;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Torch.Blip;

/// <summary>
/// BLIP's vision tower: a pre-norm ViT whose final norm covers all tokens. Field names are those of the Hugging Face state dict.
/// </summary>
internal sealed class BlipVisionModel : nn.Module<Tensor, Tensor>
{
    private readonly BlipVisionEmbeddings embeddings;
    private readonly BlipVisionEncoder encoder;
    private readonly LayerNorm post_layernorm;

    internal BlipVisionModel(BlipVisionConfig config) : base(nameof(BlipVisionModel))
    {
        embeddings = new(config);
        encoder = new(config);
        post_layernorm = new(config.HiddenSize, config.LayerNormEpsilon);
        RegisterComponents();
    }

    /// <summary>[B, 3, S, S] to [B, 1 + patches, D].</summary>
    public override Tensor forward(Tensor pixelValues)
    {
        using var scope = NewDisposeScope();
        return post_layernorm.forward(encoder.forward(embeddings.forward(pixelValues))).MoveToOuterDisposeScope();
    }

    private sealed class BlipVisionEncoder : nn.Module<Tensor, Tensor>
    {
        private readonly ModuleList<BlipVisionLayer> layers = [];

        internal BlipVisionEncoder(BlipVisionConfig config) : base(nameof(BlipVisionEncoder))
        {
            for (var i = 0; i < config.Layers; i++) layers.Add(new BlipVisionLayer(config));
            RegisterComponents();
        }

        public override Tensor forward(Tensor hidden)
        {
            foreach (var layer in layers) hidden = layer.forward(hidden);
            return hidden;
        }
    }
}
