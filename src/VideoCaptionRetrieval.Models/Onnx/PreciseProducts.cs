using System.Runtime.Intrinsics.X86;

namespace VideoCaptionRetrieval.Models.Onnx;

/// <summary>
/// Decides whether sessions take ONNX Runtime's precise mode for 8-bit matrices.
/// <para>
/// On x64, ONNX Runtime multiplies unsigned activations with signed weights. Without VNNI instructions its kernels (AVX2 and AVX-512) add
/// two neighbouring products into 16 bits, which saturate: 2·255·127 is 64,770 and becomes 32,767. With VNNI, 32 bits hold the sums. The
/// precise mode adds 128 to weights and zero points that are constants, and multiplies unsigned with unsigned: the same integers, by
/// kernels that never saturate and are slower.
/// </para>
/// </summary>
internal static class PreciseProducts
{
    /// <summary>
    /// The entry of a session's configuration, kOrtSessionOptionsAvx2PrecisionMode in ONNX Runtime's sources. It belongs to the fusions of
    /// <see cref="GraphOptimization.Extended"/>: below that level it does nothing. Nor does it anything on other processors than x64.
    /// </summary>
    internal const string Entry = "session.x64quantprecision";

    private const int Features = 7, Avx512Vnni = 1 << 11, AvxVnni = 1 << 4;

    /// <summary>Whether products would saturate on this processor.</summary>
    internal static bool AreNeeded { get; } = X86Base.IsSupported && !HasVnni(X86Base.CpuId, Avx512F.IsSupported);

    /// <summary>Whether a processor has VNNI instructions that ONNX Runtime uses.</summary>
    /// <param name="cpuId">CPUID: function and sub-function → registers.</param>
    /// <param name="isAvx512Enabled">Whether the operating system saves AVX-512 registers; else the processor's AVX512_VNNI stays unused.</param>
    internal static bool HasVnni(Func<int, int, (int Eax, int Ebx, int Ecx, int Edx)> cpuId, bool isAvx512Enabled)
    {
        if (cpuId(0, 0).Eax < Features) return false;
        var (subFunctions, _, ecx, _) = cpuId(Features, 0);
        return (isAvx512Enabled && (ecx & Avx512Vnni) != 0) || (subFunctions >= 1 && (cpuId(Features, 1).Eax & AvxVnni) != 0);
    }
}
