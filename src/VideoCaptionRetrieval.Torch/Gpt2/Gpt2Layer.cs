using TorchSharp.Modules;
using VideoCaptionRetrieval.Models.Gpt2;
using VideoCaptionRetrieval.Torch.Layers;
using VideoCaptionRetrieval.Torch.Native;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Torch.Gpt2;

/// <summary>A pre-norm decoder layer. Field names are those of the Hugging Face state dict.</summary>
internal sealed class Gpt2Layer : nn.Module
{
    private readonly LayerNorm ln_1;
    private readonly Gpt2Attention attn;
    private readonly LayerNorm ln_2;
    private readonly Gpt2Mlp mlp;

    internal Gpt2Layer(Gpt2Config config) : base(nameof(Gpt2Layer))
    {
        ln_1 = new(config.HiddenSize, config.LayerNormEpsilon);
        attn = new(config);
        ln_2 = new(config.HiddenSize, config.LayerNormEpsilon);
        mlp = new(config);
        RegisterComponents();
    }

    /// <summary>Runs new positions [rows, T, D]; T above 1 only where the cache is still empty.</summary>
    internal Tensor Forward(Tensor hidden, KeyValueCache cache)
    {
        using var scope = NewDisposeScope();
        var attended = hidden.Plus(attn.Forward(ln_1.forward(hidden), cache));
        return attended.Plus(mlp.forward(ln_2.forward(attended))).MoveToOuterDisposeScope();
    }

    private sealed class Gpt2Attention : nn.Module
    {
        private readonly int _heads;
        private readonly Gpt2Linear c_attn;
        private readonly Gpt2Linear c_proj;

        internal Gpt2Attention(Gpt2Config config) : base(nameof(Gpt2Attention))
        {
            _heads = config.Heads;
            c_attn = new(config.HiddenSize, 3 * config.HiddenSize);
            c_proj = new(config.HiddenSize, config.HiddenSize);
            RegisterComponents();
        }

        internal Tensor Forward(Tensor hidden, KeyValueCache cache)
        {
            using var scope = NewDisposeScope();
            var (rows, length, size) = (hidden.shape[0], hidden.shape[1], hidden.shape[2]);
            var mixed = c_attn.forward(hidden).view(rows, length, 3, _heads, size / _heads).permute(2, 0, 3, 1, 4);     // (3, R, nh, T, hs)
            var (keys, values) = cache.Append(mixed[1], mixed[2]);
            var attended = nn.functional.scaled_dot_product_attention(mixed[0], keys, values, is_casual: length > 1);   // (R, nh, T, hs)
            return c_proj.forward(attended.transpose(1, 2).reshape(hidden.shape)).MoveToOuterDisposeScope();
        }
    }

    private sealed class Gpt2Mlp : nn.Module<Tensor, Tensor>
    {
        private readonly Gpt2Linear c_fc;
        private readonly Gpt2Linear c_proj;

        internal Gpt2Mlp(Gpt2Config config) : base(nameof(Gpt2Mlp))
        {
            c_fc = new(config.HiddenSize, config.IntermediateSize);
            c_proj = new(config.IntermediateSize, config.HiddenSize);
            RegisterComponents();
        }

        public override Tensor forward(Tensor hidden)
        {
            using var scope = NewDisposeScope();
            return c_proj.forward(c_fc.forward(hidden).gelu(GELU.Approximate.tanh)).MoveToOuterDisposeScope();     // gelu_new
        }
    }
}
