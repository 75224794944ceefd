using TorchSharp.Modules;
using VideoCaptionRetrieval.Models.Gpt2;
using VideoCaptionRetrieval.Torch.Layers;
using VideoCaptionRetrieval.Torch.Native;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Torch.Gpt2;

/// <summary>
/// GPT-2 (Radford et al., 2019), computed as GPT2LMHeadModel of transformers 4.46. Field names are those of the Hugging Face state dict.
/// </summary>
internal sealed class Gpt2Model : nn.Module
{
    private readonly Gpt2Transformer transformer;
    private readonly Linear? lm_head;

    /// <param name="config">Sizes.</param>
    /// <param name="hasHead">Whether the checkpoint stores the output projection; else it is tied to the word embeddings.</param>
    internal Gpt2Model(Gpt2Config config, bool hasHead) : base(nameof(Gpt2Model))
    {
        Config = config;
        transformer = new(config);
        if (hasHead) lm_head = new(config.HiddenSize, config.VocabularySize, hasBias: false);
        RegisterComponents();
    }

    internal Gpt2Config Config { get; }

    /// <summary>Looks up word embeddings [.., D] of ids [..].</summary>
    internal Tensor Embed(Tensor ids) => transformer.Words.forward(ids);

    /// <summary>Creates an empty cache for each layer. The caller disposes them.</summary>
    internal KeyValueCache[] CreateCaches(int capacity) => [.. Enumerable.Range(0, Config.Layers).Select(_ => new KeyValueCache(capacity))];

    /// <summary>Computes hidden states [rows, T, D] of embeddings [rows, T, D] at the positions from <paramref name="past"/> on.</summary>
    internal Tensor Hidden(Tensor embeddings, int past, KeyValueCache[] caches) => transformer.Forward(embeddings, past, caches);

    /// <summary>Computes logits [.., V] of hidden states [.., D].</summary>
    internal Tensor Logits(Tensor hidden) => nn.functional.linear(hidden, lm_head?.weight ?? transformer.Words.weight);

    private sealed class Gpt2Transformer : nn.Module
    {
        private readonly Embedding wte;
        private readonly Embedding wpe;
        private readonly ModuleList<Gpt2Layer> h = [];
        private readonly LayerNorm ln_f;

        internal Gpt2Transformer(Gpt2Config config) : base(nameof(Gpt2Transformer))
        {
            wte = new(config.VocabularySize, config.HiddenSize);
            wpe = new(config.Positions, config.HiddenSize);
            for (var i = 0; i < config.Layers; i++) h.Add(new Gpt2Layer(config));
            ln_f = new(config.HiddenSize, config.LayerNormEpsilon);
            RegisterComponents();
        }

        internal Embedding Words => wte;

        internal Tensor Forward(Tensor embeddings, int past, KeyValueCache[] caches)
        {
            using var scope = NewDisposeScope();
            var hidden = embeddings.Plus(wpe.weight.narrow(0, past, embeddings.shape[1]));      // (R, T, D)
            foreach (var (layer, cache) in h.Zip(caches)) hidden = layer.Forward(hidden, cache);
            return ln_f.forward(hidden).MoveToOuterDisposeScope();
        }
    }
}

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

    /// <summary>Runs new positions [rows, T, D]; T above 1 requires an empty cache.</summary>
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
            var mixed = Attention.SplitHeads(c_attn.forward(hidden), parts: 3, _heads);                                         // (3, R, nh, T, hs)
            var (keys, values) = cache.Append(mixed[1], mixed[2]);
            var attended = nn.functional.scaled_dot_product_attention(mixed[0], keys, values, is_casual: hidden.shape[1] > 1);  // (R, nh, T, hs)
            return c_proj.forward(Attention.MergeHeads(attended, hidden.shape)).MoveToOuterDisposeScope();
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

/// <summary>Computes x·W + b with a transposed weight: GPT-2's "Conv1D".</summary>
internal sealed class Gpt2Linear : nn.Module<Tensor, Tensor>
{
    private readonly Parameter weight;      // [in, out]
    private readonly Parameter bias;        // [out]

    internal Gpt2Linear(long inputs, long outputs) : base(nameof(Gpt2Linear))
    {
        weight = UninitializedParameter.Create(inputs, outputs);
        bias = UninitializedParameter.Create(outputs);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var transposed = weight.t();
        return nn.functional.linear(input, transposed, bias);
    }
}
