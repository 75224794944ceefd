using VideoCaptionRetrieval.Models.Blip;
using VideoCaptionRetrieval.Torch.Layers;
using VideoCaptionRetrieval.Torch.Native;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Torch.Blip;

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
            var (batch, tokens, size) = (hidden.shape[0], hidden.shape[1], hidden.shape[2]);
            var mixed = qkv.forward(hidden).view(batch, tokens, 3, _heads, size / _heads).permute(2, 0, 3, 1, 4);   // (3, B, nh, T, hs)
            var attended = nn.functional.scaled_dot_product_attention(mixed[0], mixed[1], mixed[2]);                // (B, nh, T, hs)
            return projection.forward(attended.transpose(1, 2).reshape(batch, tokens, size)).MoveToOuterDisposeScope();
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
