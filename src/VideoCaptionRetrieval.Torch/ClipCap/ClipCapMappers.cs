using TorchSharp.Modules;
using VideoCaptionRetrieval.Models.ClipCap;
using VideoCaptionRetrieval.Torch.Layers;
using VideoCaptionRetrieval.Torch.Native;
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

    /// <summary>Maps embeddings [B, clip] to [B, prefix · width].</summary>
    public override Tensor forward(Tensor embeddings)
    {
        using var scope = NewDisposeScope();
        var hidden = embeddings;
        foreach (var layer in model) hidden = layer.forward(hidden);
        return hidden.MoveToOuterDisposeScope();
    }
}

/// <summary>
/// A transformer over the projected embedding and learned constants; its outputs at the constants are the prefix. Field names are those of the
/// checkpoint.
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
        prefix_const = UninitializedParameter.Create(layout.PrefixLength, width);
        transformer = new(layout, width);
        RegisterComponents();
    }

    /// <summary>Maps embeddings [B, clip] to a prefix [B, prefix, D].</summary>
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

/// <summary>A pre-norm layer of a transformer mapper. Field names are those of the checkpoint.</summary>
internal sealed class ClipCapMapperLayer : nn.Module<Tensor, Tensor>
{
    private const double Epsilon = 1e-5;
    private readonly LayerNorm norm1;
    private readonly MapperAttention attn;
    private readonly LayerNorm norm2;
    private readonly MapperMlp mlp;

    internal ClipCapMapperLayer(long width, long hidden) : base(nameof(ClipCapMapperLayer))
    {
        norm1 = new(width, Epsilon);
        attn = new(width);
        norm2 = new(width, Epsilon);
        mlp = new(width, hidden);
        RegisterComponents();
    }

    public override Tensor forward(Tensor hidden)
    {
        using var scope = NewDisposeScope();
        var attended = hidden.Plus(attn.forward(norm1.forward(hidden)));
        return attended.Plus(mlp.forward(norm2.forward(attended))).MoveToOuterDisposeScope();
    }

    private sealed class MapperAttention : nn.Module<Tensor, Tensor>
    {
        private readonly Linear to_queries;
        private readonly Linear to_keys_values;
        private readonly Linear project;

        internal MapperAttention(long width) : base(nameof(MapperAttention))
        {
            to_queries = new(width, width, hasBias: false);
            to_keys_values = new(width, 2 * width, hasBias: false);
            project = new(width, width);
            RegisterComponents();
        }

        public override Tensor forward(Tensor hidden)
        {
            using var scope = NewDisposeScope();
            var queries = Attention.SplitHeads(to_queries.forward(hidden), ClipCapLayout.Heads);                // (B, nh, T, hs)
            var both = Attention.SplitHeads(to_keys_values.forward(hidden), parts: 2, ClipCapLayout.Heads);     // (2, B, nh, T, hs)
            var attended = nn.functional.scaled_dot_product_attention(queries, both[0], both[1]);               // (B, nh, T, hs)
            return project.forward(Attention.MergeHeads(attended, hidden.shape)).MoveToOuterDisposeScope();
        }
    }

    private sealed class MapperMlp : nn.Module<Tensor, Tensor>
    {
        private readonly Linear fc1;
        private readonly Linear fc2;

        internal MapperMlp(long width, long hidden) : base(nameof(MapperMlp))
        {
            fc1 = new(width, hidden);
            fc2 = new(hidden, width);
            RegisterComponents();
        }

        public override Tensor forward(Tensor hidden)
        {
            using var scope = NewDisposeScope();
            return fc2.forward(fc1.forward(hidden).relu()).MoveToOuterDisposeScope();
        }
    }
}
