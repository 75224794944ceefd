using VideoCaptionRetrieval.Models.Layers;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Models.Blip;

/// <summary>A BERT layer with attention to the text, then to the image. Field names are those of the Hugging Face state dict.</summary>
internal sealed class BlipTextLayer : nn.Module
{
    private readonly BlipTextAttention attention;
    private readonly BlipTextAttention crossattention;
    private readonly BlipTextIntermediate intermediate;
    private readonly BlipTextOutput output;

    internal BlipTextLayer(BlipTextConfig config, long imageSize) : base(nameof(BlipTextLayer))
    {
        attention = new(config, config.HiddenSize);
        crossattention = new(config, imageSize);
        intermediate = new(config);
        output = new(config, config.IntermediateSize);
        RegisterComponents();
    }

    /// <summary>Keys and values of the image tokens [N, P, image size] for this layer's attention to the image.</summary>
    internal (Tensor Keys, Tensor Values) ProjectImage(Tensor image) => crossattention.Project(image);

    /// <summary>Runs new tokens [rows, T, D]; T above 1 only where the cache is still empty.</summary>
    internal Tensor Forward(Tensor hidden, BlipLayerCache cache)
    {
        using var scope = NewDisposeScope();
        var (keys, values) = attention.Project(hidden);
        (keys, values) = cache.Append(keys, values);
        var toText = attention.Attend(hidden, keys, values, causal: hidden.shape[1] > 1);
        var toImage = crossattention.Attend(toText, cache.ImageKeys, cache.ImageValues, causal: false);
        return output.Combine(intermediate.forward(toImage), toImage).MoveToOuterDisposeScope();
    }

    private sealed class BlipTextIntermediate : nn.Module<Tensor, Tensor>
    {
        private readonly BareLinear dense;

        internal BlipTextIntermediate(BlipTextConfig config) : base(nameof(BlipTextIntermediate))
        {
            dense = new(config.HiddenSize, config.IntermediateSize);
            RegisterComponents();
        }

        public override Tensor forward(Tensor hidden)
        {
            using var scope = NewDisposeScope();
            return nn.functional.gelu(dense.forward(hidden)).MoveToOuterDisposeScope();
        }
    }
}
