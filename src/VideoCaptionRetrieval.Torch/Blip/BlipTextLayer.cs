using VideoCaptionRetrieval.Models.Blip;
using VideoCaptionRetrieval.Torch.Layers;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Torch.Blip;

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
    internal Tensor Decode(Tensor hidden, BlipLayerCache cache)
    {
        using var scope = NewDisposeScope();
        var (keys, values) = attention.Project(hidden);
        (keys, values) = cache.Append(keys, values);
        var toText = attention.Attend(hidden, keys, values, causal: hidden.shape[1] > 1);
        var toImage = crossattention.Attend(toText, cache.ImageKeys, cache.ImageValues);
        return output.Combine(intermediate.forward(toImage), toImage).MoveToOuterDisposeScope();
    }

    /// <summary>Runs whole texts [rows, T, D]; see <see cref="BlipTextModel.Encode"/>.</summary>
    /// <param name="hidden">[rows, T, D].</param>
    /// <param name="seen">[rows, 1, 1, T].</param>
    /// <param name="image">[images, S, image size]; null where there is none.</param>
    internal Tensor Encode(Tensor hidden, Tensor seen, Tensor? image)
    {
        using var scope = NewDisposeScope();
        var (keys, values) = attention.Project(hidden);
        var attended = attention.Attend(hidden, keys, values, mask: seen);
        if (image is not null)
        {
            (keys, values) = crossattention.Project(image);
            attended = crossattention.Attend(attended, keys, values);
        }
        return output.Combine(intermediate.forward(attended), attended).MoveToOuterDisposeScope();
    }

    private sealed class BlipTextIntermediate : nn.Module<Tensor, Tensor>
    {
        private readonly Linear dense;

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
