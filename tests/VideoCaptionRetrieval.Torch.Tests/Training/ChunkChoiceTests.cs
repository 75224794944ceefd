using VideoCaptionRetrieval.Torch.DualEncoders;
using VideoCaptionRetrieval.Torch.Training;

namespace VideoCaptionRetrieval.Torch.Tests.Training;

public sealed class ChunkChoiceTests
{
    private const long GiB = 1L << 30;
    private const long Parameters = 150_000_000;        // ViT-B/16
    private static readonly long _image = ActivationEstimate.Bytes(tokens: 197, width: 768, layers: 12, heads: 12);

    [Theory]
    [InlineData(24, 32)]
    [InlineData(11, 16)]
    [InlineData(4, 4)]
    [InlineData(1, 1)]      // it is tried all the same
    public void Compute_FreeMemory_LargestPowerOfTwoThatFits(int gibibytes, int chunk) => Assert.Equal(chunk, ChunkChoice.Compute(Parameters, _image, gibibytes * GiB));

    [Fact]
    public void Compute_MemoryNotKnown_TheLargest() => Assert.Equal(32, ChunkChoice.Compute(Parameters, _image, freeBytes: null));

    [Fact]
    public void Bytes_OfViTB16_AboutWhatWasMeasured() => Assert.InRange(_image / (double)GiB, 0.27, 0.33);

    [Fact]
    public void On_Processor_IsSomeMemory() => Assert.InRange(FreeMemory.On(TorchSharp.torch.CPU)!.Value, 1 << 20, long.MaxValue);
}
