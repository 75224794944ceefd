using TorchSharp;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Torch.Native;

/// <summary>Arithmetic of tensors with numbers that is safe beside other threads, which TorchSharp's own is not.</summary>
/// <remarks>
/// <para>TorchSharp 0.107 wraps a number into a <see cref="Scalar"/>, hands the bare handle to libtorch and lets go of the object, so that a
/// garbage collection during the call frees the number while it is being read: an error from Scalar.h, or a wrong value. This concerns
/// every method and operator that takes a Scalar, by the implicit conversion, and those that make one inside, such as tensor + tensor
/// and add(number) (the factor 1), arange(stop), square, linalg.vector_norm, ToDouble. Safe are numbers that go to libtorch as plain
/// double or long (layer_norm, normalize, softmax, narrow), item, and products, quotients and differences of tensors.</para>
/// <para>The rule: a Scalar is a <c>using</c> local, disposed after the call, or a static field, and what makes Scalars inside is not
/// called. libtorch copies the number during the call, also into the graph, so nothing reads the Scalar afterwards.</para>
/// </remarks>
internal static class TensorArithmetic
{
    /// <summary>The factor on the second term of plain additions.</summary>
    internal static readonly Scalar One = 1;

    private static readonly Scalar Zero = 0;

    /// <summary>left + right.</summary>
    internal static Tensor Plus(this Tensor left, Tensor right) => left.add(right, One);

    /// <summary>tensor + number.</summary>
    internal static Tensor Plus(this Tensor tensor, double number)
    {
        using Scalar scalar = number;
        return tensor.add(scalar, One);
    }

    /// <summary>tensor · number.</summary>
    internal static Tensor Times(this Tensor tensor, double number)
    {
        using Scalar scalar = number;
        return tensor.mul(scalar);
    }

    /// <summary>tensor / number.</summary>
    internal static Tensor Over(this Tensor tensor, double number)
    {
        using Scalar scalar = number;
        return tensor.div(scalar);
    }

    /// <summary>True where the tensor holds the number.</summary>
    internal static Tensor EqualTo(this Tensor tensor, long number)
    {
        using Scalar scalar = number;
        return tensor.eq(scalar);
    }

    /// <summary>The tensor, with the number where the mask is true.</summary>
    internal static Tensor MaskedFill(this Tensor tensor, Tensor mask, double number)
    {
        using Scalar scalar = number;
        return tensor.masked_fill(mask, scalar);
    }

    /// <summary>[count], int64: 0, 1, 2 …</summary>
    internal static Tensor Indices(long count, Device device)
    {
        using Scalar stop = count;
        return arange(Zero, stop, One, ScalarType.Int64, device);
    }
}
