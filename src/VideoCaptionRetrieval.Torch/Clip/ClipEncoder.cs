using TorchSharp.Modules;
using VideoCaptionRetrieval.Models.Clip.Configuration;
using VideoCaptionRetrieval.Torch.Layers;
using VideoCaptionRetrieval.Torch.Native;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Torch.Clip;

/// <summary>Applies the activation of an MLP.</summary>
internal static class ClipActivationFunctions
{
    internal static Tensor Apply(this ClipActivation activation, Tensor x) => activation switch
    {
        ClipActivation.QuickGelu => x * sigmoid(x.Times(1.702)),     // 1.702 from Hendrycks & Gimpel, arXiv 1606.08415
        ClipActivation.Gelu => nn.functional.gelu(x),
        ClipActivation.GeluTanh => GeluTanh(x),
        _ => throw new ArgumentOutOfRangeException(nameof(activation), activation, $"The activation '{activation}' is not known."),
    };

    private static Tensor GeluTanh(Tensor x) =>
        x.Times(0.5) * tanh(x.Plus((x * x * x).Times(0.044715)).Times(Math.Sqrt(2 / Math.PI))).Plus(1);
}

// Field names are Hugging Face's state-dict names.

/// <summary>Multi-head self-attention.</summary>
internal sealed class ClipAttention : nn.Module
{
    internal readonly Linear q_proj, k_proj, v_proj, out_proj;
    private readonly long _heads;

    internal ClipAttention(ClipTowerConfig config) : base(nameof(ClipAttention))
    {
        _heads = config.Heads;
        q_proj = new(config.HiddenSize, config.HiddenSize);
        k_proj = new(config.HiddenSize, config.HiddenSize);
        v_proj = new(config.HiddenSize, config.HiddenSize);
        out_proj = new(config.HiddenSize, config.HiddenSize);
        RegisterComponents();
    }

    /// <param name="x">[B, T, C].</param>
    /// <param name="causal">Whether a position attends only to itself and earlier ones.</param>
    internal Tensor Forward(Tensor x, bool causal)
    {
        var queries = Attention.SplitHeads(q_proj.forward(x), _heads);                              // (B, heads, T, C/heads)
        var keys = Attention.SplitHeads(k_proj.forward(x), _heads);
        var values = Attention.SplitHeads(v_proj.forward(x), _heads);
        var attended = nn.functional.scaled_dot_product_attention(queries, keys, values, is_casual: causal);
        return out_proj.forward(Attention.MergeHeads(attended, x.shape));                           // (B, T, C)
    }
}

/// <summary>Two linear layers with an activation between them.</summary>
internal sealed class ClipMlp : nn.Module
{
    internal readonly Linear fc1, fc2;
    private readonly ClipActivation _activation;

    internal ClipMlp(ClipTowerConfig config) : base(nameof(ClipMlp))
    {
        _activation = config.Activation;
        fc1 = new(config.HiddenSize, config.IntermediateSize);
        fc2 = new(config.IntermediateSize, config.HiddenSize);
        RegisterComponents();
    }

    internal Tensor Forward(Tensor x) => fc2.forward(_activation.Apply(fc1.forward(x)));
}

/// <summary>A pre-norm transformer layer: attention and MLP, both residual.</summary>
internal sealed class ClipEncoderLayer : nn.Module
{
    internal readonly ClipAttention self_attn;
    internal readonly LayerNorm layer_norm1, layer_norm2;
    internal readonly ClipMlp mlp;

    internal ClipEncoderLayer(ClipTowerConfig config) : base(nameof(ClipEncoderLayer))
    {
        self_attn = new(config);
        layer_norm1 = new(config.HiddenSize, config.LayerNormEpsilon);
        mlp = new(config);
        layer_norm2 = new(config.HiddenSize, config.LayerNormEpsilon);
        RegisterComponents();
    }

    internal Tensor Forward(Tensor x, bool causal)
    {
        using var scope = NewDisposeScope();        // frees the layer's temporaries at once; autograd keeps those it needs
        var attended = x.Plus(self_attn.Forward(layer_norm1.forward(x), causal));
        return attended.Plus(mlp.Forward(layer_norm2.forward(attended))).MoveToOuterDisposeScope();
    }
}

/// <summary>A stack of transformer layers.</summary>
internal sealed class ClipEncoder : nn.Module
{
    internal readonly ModuleList<ClipEncoderLayer> layers = [];

    internal ClipEncoder(ClipTowerConfig config) : base(nameof(ClipEncoder))
    {
        for (var i = 0; i < config.Layers; i++) layers.Add(new(config));
        RegisterComponents();
    }

    internal Tensor Forward(Tensor x, bool causal)
    {
        foreach (var layer in layers) x = layer.Forward(x, causal);
        return x;
    }
}
