using TorchSharp;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Models.Native;

/// <summary>
/// Sums that are safe beside other threads. TorchSharp 0.107 hands the bare handle of a <see cref="Scalar"/> to libtorch and lets go of
/// the object, so that a garbage collection during the call frees the number while it is being read; the operator + makes such a Scalar,
/// the factor 1. Here it is one that lives for ever.
/// </summary>
internal static class TensorSums
{
    private static readonly Scalar One = 1;

    internal static Tensor Plus(this Tensor left, Tensor right) => left.add(right, One);
}
