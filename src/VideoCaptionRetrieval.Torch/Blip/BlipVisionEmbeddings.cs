using TorchSharp.Modules;
using VideoCaptionRetrieval.Models.Blip;
using VideoCaptionRetrieval.Torch.Layers;
using VideoCaptionRetrieval.Torch.Native;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Torch.Blip;

/// <summary>Patches, class token and positions. Field names are those of the Hugging Face state dict.</summary>
internal sealed class BlipVisionEmbeddings : nn.Module<Tensor, Tensor>
{
    private readonly Parameter class_embedding;
    private readonly Parameter position_embedding;
    private readonly BlipPatches patch_embedding;

    internal BlipVisionEmbeddings(BlipVisionConfig config) : base(nameof(BlipVisionEmbeddings))
    {
        class_embedding = UninitializedParameter.Empty(1, 1, config.HiddenSize);
        position_embedding = UninitializedParameter.Empty(1, config.Positions, config.HiddenSize);
        patch_embedding = new(config);
        RegisterComponents();
    }

    public override Tensor forward(Tensor pixelValues)
    {
        using var scope = NewDisposeScope();
        var patches = patch_embedding.forward(pixelValues).flatten(2).transpose(1, 2);      // (B, P, D)
        var first = class_embedding.expand(pixelValues.shape[0], 1, -1);                    // (B, 1, D)
        return cat([first, patches], 1).Plus(position_embedding).MoveToOuterDisposeScope();
    }

    /// <summary>The patch convolution: stride = kernel.</summary>
    private sealed class BlipPatches : nn.Module<Tensor, Tensor>
    {
        private readonly Parameter weight;      // [D, 3, patch, patch]
        private readonly Parameter bias;        // [D]

        internal BlipPatches(BlipVisionConfig config) : base(nameof(BlipPatches))
        {
            weight = UninitializedParameter.Empty(config.HiddenSize, 3, config.PatchSize, config.PatchSize);
            bias = UninitializedParameter.Empty(config.HiddenSize);
            RegisterComponents();
        }

        public override Tensor forward(Tensor pixelValues) =>
            nn.functional.conv2d(pixelValues, weight, bias, strides: [weight.shape[2], weight.shape[3]]);
    }
}
