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
    /// <param name="hasHead">Whether the checkpoint stores the output projection; without it the word embeddings project.</param>
    internal Gpt2Model(Gpt2Config config, bool hasHead) : base(nameof(Gpt2Model))
    {
        Config = config;
        transformer = new(config);
        if (hasHead) lm_head = new(config.HiddenSize, config.VocabularySize, hasBias: false);
        RegisterComponents();
    }

    internal Gpt2Config Config { get; }

    /// <summary>Word embeddings [.., D] of ids [..].</summary>
    internal Tensor Embed(Tensor ids) => transformer.Words.forward(ids);

    /// <summary>One empty cache for each layer; the caller disposes them.</summary>
    internal KeyValueCache[] CreateCaches(int capacity) => [.. Enumerable.Range(0, Config.Layers).Select(_ => new KeyValueCache(capacity))];

    /// <summary>Hidden states [rows, T, D] of embeddings [rows, T, D] at the positions from <paramref name="past"/> on.</summary>
    internal Tensor Hidden(Tensor embeddings, int past, KeyValueCache[] caches) => transformer.Forward(embeddings, past, caches);

    /// <summary>Logits [.., V] of hidden states [.., D].</summary>
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
