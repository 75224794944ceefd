using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace VideoCaptionRetrieval.Models.Imaging;

/// <summary>Width of the vectors that sum the taps of a resize; all give the same bytes.</summary>
internal enum VectorWidth
{
    /// <summary>None: plain loops.</summary>
    Scalar,

    /// <summary>128 bits, on any processor that has them.</summary>
    Bits128,

    /// <summary>256 bits of x86 (AVX2).</summary>
    Bits256,

    /// <summary>512 bits of x86 (AVX-512BW).</summary>
    Bits512,
}

/// <summary>Finds the vectors of this machine.</summary>
internal static class VectorWidths
{
    /// <summary>The widest vectors that are worth using.</summary>
    internal static VectorWidth Widest { get; } = Supported(VectorWidth.Bits512) && Vector512.IsHardwareAccelerated ? VectorWidth.Bits512
        : Supported(VectorWidth.Bits256) ? VectorWidth.Bits256
        : Supported(VectorWidth.Bits128) ? VectorWidth.Bits128
        : VectorWidth.Scalar;

    internal static bool Supported(VectorWidth width) => width switch
    {
        VectorWidth.Bits512 => Avx512BW.IsSupported,
        VectorWidth.Bits256 => Avx2.IsSupported,
        VectorWidth.Bits128 => Vector128.IsHardwareAccelerated,
        _ => true,
    };
}
