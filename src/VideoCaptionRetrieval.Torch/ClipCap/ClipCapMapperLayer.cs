using VideoCaptionRetrieval.Models.ClipCap;
using VideoCaptionRetrieval.Torch.Layers;
using VideoCaptionRetrieval.Torch.Native;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Torch.ClipCap;

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
            var (batch, length) = (hidden.shape[0], hidden.shape[1]);
            var queries = to_queries.forward(hidden).view(batch, length, ClipCapLayout.Heads, -1).transpose(1, 2);              // (B, nh, T, hs)
            var both = to_keys_values.forward(hidden).view(batch, length, 2, ClipCapLayout.Heads, -1).permute(2, 0, 3, 1, 4);   // (2, B, nh, T, hs)
            var attended = nn.functional.scaled_dot_product_attention(queries, both[0], both[1]);                               // (B, nh, T, hs)
            return project.forward(attended.transpose(1, 2).reshape(hidden.shape)).MoveToOuterDisposeScope();
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
