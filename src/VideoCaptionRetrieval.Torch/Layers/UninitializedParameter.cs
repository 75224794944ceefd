using TorchSharp.Modules;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Torch.Layers;

/// <summary>Makes parameters without values.</summary>
internal static class UninitializedParameter
{
    /// <summary>An uninitialised parameter that outlives any dispose scope around the constructor; its module disposes it.</summary>
    internal static Parameter Empty(params long[] shape) =>
        (Parameter)new Parameter(empty(shape, dtype: ScalarType.Float32)).DetachFromDisposeScope();
}
