using TorchSharp.Modules;
using VideoCaptionRetrieval.Models.Blip;
using VideoCaptionRetrieval.Torch.Layers;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Torch.Blip;

/// <summary>
/// BLIP's text decoder: BERT with causal self-attention and cross-attention to the image. Field names are those of the Hugging Face state dict.
/// </summary>
internal sealed class BlipTextDecoder : nn.Module
{
    private readonly BlipTextModel bert;
    private readonly BlipTextHead cls;

    internal BlipTextDecoder(BlipTextConfig config, long imageSize, BlipHeadLayout head) : base(nameof(BlipTextDecoder))
    {
        bert = new(config, imageSize);
        cls = new(config, head);
        RegisterComponents();
    }

    /// <summary>Creates a cache for each layer, for the image tokens [images, P, image size]. The caller disposes them.</summary>
    internal BlipLayerCache[] CreateCaches(Tensor image, int capacity) => bert.CreateCaches(image, capacity);

    /// <summary>Computes hidden states [rows, T, D] of the ids [rows, T] at the positions from <paramref name="past"/> on.</summary>
    internal Tensor Hidden(Tensor ids, int past, BlipLayerCache[] caches) => bert.Decode(ids, past, caches);

    /// <summary>Computes logits [.., V] of hidden states [.., D].</summary>
    internal Tensor Logits(Tensor hidden) => cls.Logits(hidden, bert.WordEmbeddings);
}

/// <summary>BERT's language-model head. Field names are those of the Hugging Face state dict.</summary>
internal sealed class BlipTextHead : nn.Module
{
    private readonly BlipPredictions predictions;

    internal BlipTextHead(BlipTextConfig config, BlipHeadLayout layout) : base(nameof(BlipTextHead))
    {
        predictions = new(config, layout);
        RegisterComponents();
    }

    internal Tensor Logits(Tensor hidden, Tensor wordEmbeddings) => predictions.Logits(hidden, wordEmbeddings);

    private sealed class BlipPredictions : nn.Module
    {
        private readonly BlipTransform transform;
        private readonly BlipDecoder decoder;
        private readonly Parameter? bias;

        internal BlipPredictions(BlipTextConfig config, BlipHeadLayout layout) : base(nameof(BlipPredictions))
        {
            transform = new(config);
            decoder = new(config, layout);
            if (layout.Bias) bias = UninitializedParameter.Create(config.VocabularySize);
            RegisterComponents();
        }

        internal Tensor Logits(Tensor hidden, Tensor wordEmbeddings)
        {
            using var scope = NewDisposeScope();
            return nn.functional.linear(transform.forward(hidden), decoder.Weight ?? wordEmbeddings, decoder.Bias ?? bias!)
                .MoveToOuterDisposeScope();
        }
    }

    private sealed class BlipTransform : nn.Module<Tensor, Tensor>
    {
        private readonly Linear dense;
        private readonly LayerNorm LayerNorm;

        internal BlipTransform(BlipTextConfig config) : base(nameof(BlipTransform))
        {
            dense = new(config.HiddenSize, config.HiddenSize);
            LayerNorm = new(config.HiddenSize, config.LayerNormEpsilon);
            RegisterComponents();
        }

        public override Tensor forward(Tensor hidden)
        {
            using var scope = NewDisposeScope();
            return LayerNorm.forward(nn.functional.gelu(dense.forward(hidden))).MoveToOuterDisposeScope();
        }
    }

    /// <summary>The parameters of the output projection that the file holds.</summary>
    private sealed class BlipDecoder : nn.Module
    {
        private readonly Parameter? weight;
        private readonly Parameter? bias;

        internal BlipDecoder(BlipTextConfig config, BlipHeadLayout layout) : base(nameof(BlipDecoder))
        {
            if (layout.Weight) weight = UninitializedParameter.Create(config.VocabularySize, config.HiddenSize);
            if (layout.DecoderBias) bias = UninitializedParameter.Create(config.VocabularySize);
            RegisterComponents();
        }

        internal Parameter? Weight => weight;

        internal Parameter? Bias => bias;
    }
}
