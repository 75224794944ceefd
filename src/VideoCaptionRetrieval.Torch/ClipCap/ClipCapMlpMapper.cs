using TorchSharp.Modules;
using VideoCaptionRetrieval.Models.ClipCap;
using VideoCaptionRetrieval.Torch.Layers;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Torch.ClipCap;

/// <summary>Two linear layers with tanh between them, which the checkpoint names model.0 and model.2.</summary>
internal sealed class ClipCapMlpMapper : nn.Module<Tensor, Tensor>
{
    private readonly ModuleList<nn.Module<Tensor, Tensor>> model;

    internal ClipCapMlpMapper(ClipCapLayout layout, long width) : base(nameof(ClipCapMlpMapper))
    {
        model = [new Linear(layout.ClipSize, layout.Hidden), nn.Tanh(), new Linear(layout.Hidden, layout.PrefixLength * width)];
        RegisterComponents();
    }

    /// <summary>[B, clip] to [B, prefix · width].</summary>
    public override Tensor forward(Tensor embeddings)
    {
        using var scope = NewDisposeScope();
        var hidden = embeddings;
        foreach (var layer in model) hidden = layer.forward(hidden);
        return hidden.MoveToOuterDisposeScope();
    }
}
