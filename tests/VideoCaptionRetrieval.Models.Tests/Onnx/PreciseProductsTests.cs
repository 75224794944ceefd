using VideoCaptionRetrieval.Models.Onnx;

namespace VideoCaptionRetrieval.Models.Tests.Onnx;

public sealed class PreciseProductsTests
{
    private const int Avx512Vnni = 1 << 11, AvxVnni = 1 << 4;

    [Theory]
    [InlineData("a processor before AVX2", 6, 0, 0, 0, false, false)]
    [InlineData("AVX2 alone, such as Zen 3", 16, 0, 0, 0, false, false)]
    [InlineData("every other feature", 16, 1, ~Avx512Vnni, ~AvxVnni, true, false)]
    [InlineData("AVX-512 without VNNI, such as Skylake-X", 22, 0, 0, 0, true, false)]
    [InlineData("AVX-512 with VNNI, such as Zen 4", 16, 0, Avx512Vnni, 0, true, true)]
    [InlineData("AVX-VNNI alone, such as Alder Lake", 32, 2, 0, AvxVnni, false, true)]
    [InlineData("both, such as Zen 5", 16, 1, Avx512Vnni, AvxVnni, true, true)]
    [InlineData("AVX-512 that the system keeps off", 22, 0, Avx512Vnni, 0, false, false)]
    [InlineData("sub-function 1 that does not exist", 16, 0, 0, AvxVnni, false, false)]
    [InlineData("function 7 that does not exist", 6, 1, Avx512Vnni, AvxVnni, true, false)]
    public void HasVnni_Processor_ReadsItsBits(
        string processor, int functions, int subFunctions, int ecx, int eaxOfSubFunction, bool isAvx512Enabled, bool expected)
    {
        (int, int, int, int) CpuId(int function, int subFunction) => (function, subFunction) switch
        {
            (0, 0) => (functions, 0, 0, 0),
            (7, 0) => (subFunctions, 0, ecx, 0),
            (7, 1) => (eaxOfSubFunction, 0, 0, 0),
            _ => throw new ArgumentException($"CPUID({function}, {subFunction}) is not asked for."),
        };
        Assert.True(expected == PreciseProducts.HasVnni(CpuId, isAvx512Enabled), processor);
    }
}
