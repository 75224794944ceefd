using TorchSharp.Modules;
using VideoCaptionRetrieval.Models.Blip;
using VideoCaptionRetrieval.Torch.Layers;
using VideoCaptionRetrieval.Torch.Native;
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

    /// <summary>Encodes images [B, 3, S, S] as [B, 1 + patches, D].</summary>
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

/// <summary>Embeds patches, class token and positions. Field names are those of the Hugging Face state dict.</summary>
internal sealed class BlipVisionEmbeddings : nn.Module<Tensor, Tensor>
{
    private readonly Parameter class_embedding;
    private readonly Parameter position_embedding;
    private readonly BlipPatches patch_embedding;

    internal BlipVisionEmbeddings(BlipVisionConfig config) : base(nameof(BlipVisionEmbeddings))
    {
        class_embedding = UninitializedParameter.Create(1, 1, config.HiddenSize);
        position_embedding = UninitializedParameter.Create(1, config.Positions, config.HiddenSize);
        patch_embedding = new(config);
        RegisterComponents();
    }

    public override Tensor forward(Tensor pixelValues)
    {
        using var scope = NewDisposeScope();
        var patches = patch_embedding.forward(pixelValues).flatten(2).transpose(1, 2);      // (B, P, D)
        var first = class_embedding.expand(pixelValues.shape[0], 1, -1);                    // (B, 1, D)
        return cat([first, patches], 1).Plus(position_embedding).MoveToOuterDisposeScope();
    }

    /// <summary>The patch convolution: stride = kernel.</summary>
    private sealed class BlipPatches : nn.Module<Tensor, Tensor>
    {
        private readonly Parameter weight;      // [D, 3, patch, patch]
        private readonly Parameter bias;        // [D]

        internal BlipPatches(BlipVisionConfig config) : base(nameof(BlipPatches))
        {
            weight = UninitializedParameter.Create(config.HiddenSize, 3, config.PatchSize, config.PatchSize);
            bias = UninitializedParameter.Create(config.HiddenSize);
            RegisterComponents();
        }

        public override Tensor forward(Tensor pixelValues) =>
            nn.functional.conv2d(pixelValues, weight, bias, strides: [weight.shape[2], weight.shape[3]]);
    }
}

/// <summary>
/// A pre-norm transformer layer with one projection for query, key and value. Field names are those of the Hugging Face state dict.
/// </summary>
internal sealed class BlipVisionLayer : nn.Module<Tensor, Tensor>
{
    private readonly BlipVisionAttention self_attn;
    private readonly LayerNorm layer_norm1;
    private readonly BlipVisionMlp mlp;
    private readonly LayerNorm layer_norm2;

    internal BlipVisionLayer(BlipVisionConfig config) : base(nameof(BlipVisionLayer))
    {
        self_attn = new(config);
        layer_norm1 = new(config.HiddenSize, config.LayerNormEpsilon);
        mlp = new(config);
        layer_norm2 = new(config.HiddenSize, config.LayerNormEpsilon);
        RegisterComponents();
    }

    public override Tensor forward(Tensor hidden)
    {
        using var scope = NewDisposeScope();
        var attended = hidden.Plus(self_attn.forward(layer_norm1.forward(hidden)));
        return attended.Plus(mlp.forward(layer_norm2.forward(attended))).MoveToOuterDisposeScope();
    }

    private sealed class BlipVisionAttention : nn.Module<Tensor, Tensor>
    {
        private readonly int _heads;
        private readonly Linear qkv;
        private readonly Linear projection;

        internal BlipVisionAttention(BlipVisionConfig config) : base(nameof(BlipVisionAttention))
        {
            _heads = config.Heads;
            qkv = new(config.HiddenSize, 3 * config.HiddenSize);
            projection = new(config.HiddenSize, config.HiddenSize);
            RegisterComponents();
        }

        public override Tensor forward(Tensor hidden)
        {
            using var scope = NewDisposeScope();
            var mixed = Attention.SplitHeads(qkv.forward(hidden), parts: 3, _heads);                    // (3, B, nh, T, hs)
            var attended = nn.functional.scaled_dot_product_attention(mixed[0], mixed[1], mixed[2]);    // (B, nh, T, hs)
            return projection.forward(Attention.MergeHeads(attended, hidden.shape)).MoveToOuterDisposeScope();
        }
    }

    private sealed class BlipVisionMlp : nn.Module<Tensor, Tensor>
    {
        private readonly Linear fc1;
        private readonly Linear fc2;

        internal BlipVisionMlp(BlipVisionConfig config) : base(nameof(BlipVisionMlp))
        {
            fc1 = new(config.HiddenSize, config.IntermediateSize);
            fc2 = new(config.IntermediateSize, config.HiddenSize);
            RegisterComponents();
        }

        public override Tensor forward(Tensor hidden)
        {
            using var scope = NewDisposeScope();
            return fc2.forward(nn.functional.gelu(fc1.forward(hidden))).MoveToOuterDisposeScope();
        }
    }
}
