using TorchSharp.Modules;
using VideoCaptionRetrieval.Models.Blip;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Torch.Blip;

/// <summary>
/// BERT with attention to an image in every layer, as a decoder that runs step by step, or as an encoder of whole texts. Field names are
/// those of the Hugging Face state dict.
/// </summary>
internal sealed class BlipTextModel : nn.Module
{
    private readonly BlipTextEmbeddings embeddings;
    private readonly BlipTextStack encoder;

    internal BlipTextModel(BlipTextConfig config, long imageSize) : base(nameof(BlipTextModel))
    {
        embeddings = new(config);
        encoder = new(config, imageSize);
        RegisterComponents();
    }

    internal Tensor WordEmbeddings => embeddings.WordEmbeddings;

    /// <summary>One cache for each layer, for the image tokens [images, P, image size]; the caller disposes them.</summary>
    internal BlipLayerCache[] CreateCaches(Tensor image, int capacity)
    {
        using var scope = NewDisposeScope();
        return [.. encoder.Layers.Select(layer =>
        {
            var (keys, values) = layer.ProjectImage(image);
            return new BlipLayerCache(keys, values, capacity);
        })];
    }

    /// <summary>Hidden states [rows, T, D] of the ids [rows, T] at the positions from <paramref name="past"/> on, each seeing those before it.</summary>
    internal Tensor Decode(Tensor ids, int past, BlipLayerCache[] caches)
    {
        using var scope = NewDisposeScope();
        var hidden = embeddings.Forward(ids, past);
        foreach (var (layer, cache) in encoder.Layers.Zip(caches)) hidden = layer.Decode(hidden, cache);
        return hidden.MoveToOuterDisposeScope();
    }

    /// <summary>Hidden states [rows, T, D] of whole texts, in which all positions see each other.</summary>
    /// <param name="ids">[rows, T].</param>
    /// <param name="mask">[rows, T], false at padding, which nothing sees.</param>
    /// <param name="image">
    /// [images, S, image size], where the texts are read with images: equally many rows for each, image by image. Null = the text alone.
    /// </param>
    internal Tensor Encode(Tensor ids, Tensor mask, Tensor? image = null)
    {
        using var scope = NewDisposeScope();
        var seen = mask.unsqueeze(1).unsqueeze(1);          // (rows, 1, 1, T)
        var hidden = embeddings.Forward(ids, past: 0);
        foreach (var layer in encoder.Layers) hidden = layer.Encode(hidden, seen, image);
        return hidden.MoveToOuterDisposeScope();
    }

    private sealed class BlipTextStack : nn.Module
    {
        private readonly ModuleList<BlipTextLayer> layer = [];

        internal BlipTextStack(BlipTextConfig config, long imageSize) : base(nameof(BlipTextStack))
        {
            for (var i = 0; i < config.Layers; i++) layer.Add(new BlipTextLayer(config, imageSize));
            RegisterComponents();
        }

        internal IEnumerable<BlipTextLayer> Layers => layer;
    }
}
