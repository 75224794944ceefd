using TorchSharp;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Models.Native;

/// <summary>
/// Arithmetic that is safe beside other threads. TorchSharp 0.107 hands the bare handle of a <see cref="Scalar"/> to libtorch and lets go
/// of the object, so that a garbage collection during the call frees the number while it is being read. Every operator with a number makes
/// such a Scalar, and so does tensor + tensor, the factor 1. Here the number outlives the call.
/// </summary>
internal static class TensorArithmetic
{
    private static readonly Scalar One = 1;

    /// <summary>left + right.</summary>
    internal static Tensor Plus(this Tensor left, Tensor right) => left.add(right, One);

    /// <summary>tensor + number.</summary>
    internal static Tensor Plus(this Tensor tensor, double number) => With(number, tensor.add);

    /// <summary>tensor · number.</summary>
    internal static Tensor Times(this Tensor tensor, double number) => With(number, tensor.mul);

    /// <summary>Any operation with a number, which outlives it.</summary>
    internal static Tensor With(double number, Func<Scalar, Tensor> operation)
    {
        Scalar scalar = number;
        var result = operation(scalar);
        GC.KeepAlive(scalar);
        return result;
    }
}
