using TorchSharp.Modules;
using VideoCaptionRetrieval.Torch.Layers;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Torch.Clip;

/// <summary>The patch convolution: stride = kernel, no bias.</summary>
internal sealed class ClipPatches : nn.Module<Tensor, Tensor>
{
    internal readonly Parameter weight;     // [width, 3, patch, patch]

    internal ClipPatches(long width, long patch) : base(nameof(ClipPatches))
    {
        weight = UninitializedParameter.Empty(width, 3, patch, patch);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) => nn.functional.conv2d(input, weight, strides: [weight.shape[2], weight.shape[3]]);
}
