using TorchSharp.Modules;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Models.Blip;

/// <summary>
/// BLIP's text decoder: BERT with causal attention and attention to the image. Field names are those of the Hugging Face state dict.
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

    /// <summary>One cache for each layer, for the image tokens [images, P, image size]; the caller disposes them.</summary>
    internal BlipLayerCache[] CreateCaches(Tensor image, int capacity) => bert.CreateCaches(image, capacity);

    /// <summary>Hidden states [rows, T, D] of the ids [rows, T] at the positions from <paramref name="past"/> on.</summary>
    internal Tensor Hidden(Tensor ids, int past, BlipLayerCache[] caches) => bert.Forward(ids, past, caches);

    /// <summary>Logits [.., V] of hidden states [.., D].</summary>
    internal Tensor Logits(Tensor hidden) => cls.Logits(hidden, bert.WordEmbeddings);

    private sealed class BlipTextModel : nn.Module
    {
        private readonly BlipTextEmbeddings embeddings;
        private readonly BlipTextEncoder encoder;

        internal BlipTextModel(BlipTextConfig config, long imageSize) : base(nameof(BlipTextModel))
        {
            embeddings = new(config);
            encoder = new(config, imageSize);
            RegisterComponents();
        }

        internal Tensor WordEmbeddings => embeddings.WordEmbeddings;

        internal BlipLayerCache[] CreateCaches(Tensor image, int capacity)
        {
            using var scope = NewDisposeScope();
            return [.. encoder.Layers.Select(layer =>
            {
                var (keys, values) = layer.ProjectImage(image);
                return new BlipLayerCache(keys, values, capacity);
            })];
        }

        internal Tensor Forward(Tensor ids, int past, BlipLayerCache[] caches)
        {
            using var scope = NewDisposeScope();
            var hidden = embeddings.Forward(ids, past);
            foreach (var (layer, cache) in encoder.Layers.Zip(caches)) hidden = layer.Forward(hidden, cache);
            return hidden.MoveToOuterDisposeScope();
        }
    }

    private sealed class BlipTextEncoder : nn.Module
    {
        private readonly ModuleList<BlipTextLayer> layer = [];

        internal BlipTextEncoder(BlipTextConfig config, long imageSize) : base(nameof(BlipTextEncoder))
        {
            for (var i = 0; i < config.Layers; i++) layer.Add(new BlipTextLayer(config, imageSize));
            RegisterComponents();
        }

        internal IEnumerable<BlipTextLayer> Layers => layer;
    }
}
