using VideoCaptionRetrieval.Models.Blip;
using VideoCaptionRetrieval.Torch.Layers;
using VideoCaptionRetrieval.Torch.Native;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Torch.Blip;

/// <summary>A linear layer, the residual connection, and the norm after it. Field names are those of the Hugging Face state dict.</summary>
internal sealed class BlipTextOutput : nn.Module
{
    private readonly Linear dense;
    private readonly LayerNorm LayerNorm;

    internal BlipTextOutput(BlipTextConfig config, long inputs) : base(nameof(BlipTextOutput))
    {
        dense = new(inputs, config.HiddenSize);
        LayerNorm = new(config.HiddenSize, config.LayerNormEpsilon);
        RegisterComponents();
    }

    internal Tensor Combine(Tensor hidden, Tensor residual)
    {
        using var scope = NewDisposeScope();
        return LayerNorm.forward(dense.forward(hidden).Plus(residual)).MoveToOuterDisposeScope();
    }
}
