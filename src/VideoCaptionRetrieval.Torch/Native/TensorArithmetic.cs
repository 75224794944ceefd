using TorchSharp;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Torch.Native;

/// <summary>Arithmetic of tensors and numbers that is safe with concurrent garbage collection, unlike TorchSharp's own.</summary>
/// <remarks>
/// <para>TorchSharp 0.107 wraps a number in a <see cref="Scalar"/>, passes the bare handle to libtorch and keeps no reference to the object, so
/// that a garbage collection during the call can free the number while it is being read: an error from Scalar.h, or a wrong value. This concerns
/// every method and operator that takes a Scalar, by the implicit conversion, and those that create one inside, such as tensor + tensor and
/// add(number) (the factor 1), arange(stop), square, linalg.vector_norm, ToDouble. Safe are numbers that libtorch takes as plain double or long
/// (layer_norm, normalize, softmax, narrow), item, and products, quotients and differences of tensors.</para>
/// <para>The rule, which the compiler checks (VCR0001, build/Analyzers): a Scalar is a <c>using</c> local, disposed after the call, or a static
/// field, and members that create Scalars inside are not called. libtorch copies the number during the call, also into the graph, so nothing reads
/// the Scalar afterwards.</para>
/// </remarks>
public static class TensorArithmetic
{
    /// <summary>The factor on the second term of plain additions.</summary>
    internal static readonly Scalar One = 1;

    private static readonly Scalar Zero = 0;

    /// <summary>Computes left + right.</summary>
    public static Tensor Plus(this Tensor left, Tensor right) => left.add(right, One);

    /// <summary>Computes tensor + number.</summary>
    public static Tensor Plus(this Tensor tensor, double number)
    {
        using Scalar scalar = number;
        return tensor.add(scalar, One);
    }

    /// <summary>Computes tensor · number.</summary>
    internal static Tensor Times(this Tensor tensor, double number)
    {
        using Scalar scalar = number;
        return tensor.mul(scalar);
    }

    /// <summary>Computes tensor / number.</summary>
    public static Tensor Over(this Tensor tensor, double number)
    {
        using Scalar scalar = number;
        return tensor.div(scalar);
    }

    /// <summary>Compares each element with a number: true where they are equal.</summary>
    internal static Tensor EqualTo(this Tensor tensor, long number)
    {
        using Scalar scalar = number;
        return tensor.eq(scalar);
    }

    /// <summary>Replaces elements by a number where the mask is true.</summary>
    internal static Tensor MaskedFill(this Tensor tensor, Tensor mask, double number)
    {
        using Scalar scalar = number;
        return tensor.masked_fill(mask, scalar);
    }

    /// <summary>Creates the int64 tensor [count] of 0, 1, 2 …</summary>
    internal static Tensor Indices(long count, Device device)
    {
        using Scalar stop = count;
        return arange(Zero, stop, One, ScalarType.Int64, device);
    }
}
