using VideoCaptionRetrieval.Models.Blip;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Torch.Blip;

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
    internal Tensor Hidden(Tensor ids, int past, BlipLayerCache[] caches) => bert.Decode(ids, past, caches);

    /// <summary>Logits [.., V] of hidden states [.., D].</summary>
    internal Tensor Logits(Tensor hidden) => cls.Logits(hidden, bert.WordEmbeddings);
}
