using TorchSharp.Modules;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Models.Clip;

// TorchSharp's own layers initialise themselves at random, which costs seconds for a large model and is overwritten by the
// checkpoint. These allocate only; ClipInitialisation or ModuleLoading fills them. Field names are state-dict names.

/// <summary>x·Wᵀ + b.</summary>
internal sealed class ClipLinear : nn.Module<Tensor, Tensor>
{
    internal readonly Parameter weight;     // [out, in]
    internal readonly Parameter? bias;      // [out]

    internal ClipLinear(long inputs, long outputs, bool hasBias = true) : base(nameof(ClipLinear))
    {
        weight = ClipParameter.Empty(outputs, inputs);
        bias = hasBias ? ClipParameter.Empty(outputs) : null;
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) => nn.functional.linear(input, weight, bias);
}

/// <summary>Layer normalisation over the last dimension.</summary>
internal sealed class ClipNorm : nn.Module<Tensor, Tensor>
{
    internal readonly Parameter weight, bias;
    private readonly double _epsilon;

    internal ClipNorm(long size, double epsilon) : base(nameof(ClipNorm))
    {
        _epsilon = epsilon;
        weight = ClipParameter.Empty(size);
        bias = ClipParameter.Empty(size);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) => nn.functional.layer_norm(input, weight.shape, weight, bias, _epsilon);
}

/// <summary>A table of vectors, one for each id or position.</summary>
internal sealed class ClipTable : nn.Module<Tensor, Tensor>
{
    internal readonly Parameter weight;     // [rows, width]

    internal ClipTable(long rows, long width) : base(nameof(ClipTable))
    {
        weight = ClipParameter.Empty(rows, width);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) =>
        weight.index_select(0, input.flatten()).view([.. input.shape, weight.shape[1]]);
}

/// <summary>The patch convolution: stride = kernel, no bias.</summary>
internal sealed class ClipPatches : nn.Module<Tensor, Tensor>
{
    internal readonly Parameter weight;     // [width, 3, patch, patch]

    internal ClipPatches(long width, long patch) : base(nameof(ClipPatches))
    {
        weight = ClipParameter.Empty(width, 3, patch, patch);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) => nn.functional.conv2d(input, weight, strides: [weight.shape[2], weight.shape[3]]);
}

internal static class ClipParameter
{
    /// <summary>An uninitialised parameter that outlives any dispose scope around the constructor; its module disposes it.</summary>
    internal static Parameter Empty(params long[] shape) =>
        (Parameter)new Parameter(empty(shape, dtype: ScalarType.Float32)).DetachFromDisposeScope();
}
