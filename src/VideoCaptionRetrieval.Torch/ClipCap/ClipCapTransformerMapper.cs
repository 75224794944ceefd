using TorchSharp.Modules;
using VideoCaptionRetrieval.Models.ClipCap;
using VideoCaptionRetrieval.Torch.Layers;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Torch.ClipCap;

/// <summary>
/// A transformer over the projected embedding and learned constants, whose outputs at the constants are the prefix. Field names are those
/// of the checkpoint.
/// </summary>
internal sealed class ClipCapTransformerMapper : nn.Module<Tensor, Tensor>
{
    private readonly ClipCapLayout _layout;
    private readonly Linear linear;
    private readonly Parameter prefix_const;        // [prefix, D]
    private readonly Stack transformer;

    internal ClipCapTransformerMapper(ClipCapLayout layout, long width) : base(nameof(ClipCapTransformerMapper))
    {
        _layout = layout;
        linear = new(layout.ClipSize, layout.ClipLength * width);
        prefix_const = UninitializedParameter.Empty(layout.PrefixLength, width);
        transformer = new(layout, width);
        RegisterComponents();
    }

    /// <summary>[B, clip] to [B, prefix, D].</summary>
    public override Tensor forward(Tensor embeddings)
    {
        using var scope = NewDisposeScope();
        var images = embeddings.shape[0];
        var projected = linear.forward(embeddings).view(images, _layout.ClipLength, -1);        // (B, clip length, D)
        var constants = prefix_const.unsqueeze(0).expand(images, -1, -1);                       // (B, prefix, D)
        return transformer.forward(cat([projected, constants], 1))
            .narrow(1, _layout.ClipLength, _layout.PrefixLength).MoveToOuterDisposeScope();
    }

    private sealed class Stack : nn.Module<Tensor, Tensor>
    {
        private readonly ModuleList<ClipCapMapperLayer> layers = [];

        internal Stack(ClipCapLayout layout, long width) : base(nameof(Stack))
        {
            for (var i = 0; i < layout.Layers; i++) layers.Add(new ClipCapMapperLayer(width, layout.Hidden));
            RegisterComponents();
        }

        public override Tensor forward(Tensor hidden)
        {
            foreach (var layer in layers) hidden = layer.forward(hidden);
            return hidden;
        }
    }
}
