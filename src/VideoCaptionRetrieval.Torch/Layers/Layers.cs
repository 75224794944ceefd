using TorchSharp.Modules;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Torch.Layers;

// TorchSharp's own layers initialise themselves at random, which takes seconds for a large model before the checkpoint overwrites it. These
// only allocate; a model's initialisation or ModuleLoading fills them. Field names are those of Hugging Face state dicts.

/// <summary>Computes x·Wᵀ + b.</summary>
public sealed class Linear : nn.Module<Tensor, Tensor>
{
    internal readonly Parameter weight;     // [out, in]
    internal readonly Parameter? bias;      // [out]

    /// <summary>Allocates weight [out, in] and bias [out] on the CPU without filling them.</summary>
    public Linear(long inputs, long outputs, bool hasBias = true) : base(nameof(Linear))
    {
        weight = UninitializedParameter.Create(outputs, inputs);
        bias = hasBias ? UninitializedParameter.Create(outputs) : null;
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => nn.functional.linear(input, weight, bias);
}

/// <summary>Normalises the last dimension.</summary>
internal sealed class LayerNorm : nn.Module<Tensor, Tensor>
{
    internal readonly Parameter weight, bias;
    private readonly double _epsilon;

    internal LayerNorm(long size, double epsilon) : base(nameof(LayerNorm))
    {
        _epsilon = epsilon;
        weight = UninitializedParameter.Create(size);
        bias = UninitializedParameter.Create(size);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) => nn.functional.layer_norm(input, weight.shape, weight, bias, _epsilon);
}

/// <summary>Looks up a vector for each id.</summary>
internal sealed class Embedding : nn.Module<Tensor, Tensor>
{
    internal readonly Parameter weight;     // [rows, width]

    internal Embedding(long rows, long width) : base(nameof(Embedding))
    {
        weight = UninitializedParameter.Create(rows, width);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) =>
        weight.index_select(0, input.flatten()).view([.. input.shape, weight.shape[1]]);
}

/// <summary>Allocates parameters without filling them.</summary>
internal static class UninitializedParameter
{
    /// <summary>Allocates a float32 parameter that outlives any dispose scope around the call; its module disposes it.</summary>
    internal static Parameter Create(params long[] shape) =>
        (Parameter)new Parameter(empty(shape, dtype: ScalarType.Float32)).DetachFromDisposeScope();
}
