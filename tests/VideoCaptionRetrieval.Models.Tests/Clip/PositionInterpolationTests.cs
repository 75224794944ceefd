using System.Runtime.InteropServices;
using VideoCaptionRetrieval.Models.Checkpoints;
using VideoCaptionRetrieval.Torch.Native;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Models.Tests.Clip;

public sealed class PositionInterpolationTests
{
    [Theory]
    [InlineData(3, 5)]
    [InlineData(7, 16)]
    [InlineData(16, 7)]
    [InlineData(1, 4)]
    [InlineData(4, 4)]
    public void Resize_AnyGrid_AsTorch(int from, int to)
    {
        const int Width = 6;
        TorchRuntime.EnsureLoaded();
        using var scope = NewDisposeScope();
        var table = randn((from * from) + 1, Width);
        var grid = table.narrow(0, 1, from * from).t().reshape(1, Width, from, from);
        var resized = nn.functional.interpolate(grid, [to, to], mode: InterpolationMode.Bicubic, align_corners: false);
        var expected = cat([table.narrow(0, 0, 1), resized.reshape(Width, -1).t()], 0).contiguous();
        var got = PositionInterpolation.Resize(MemoryMarshal.Cast<byte, float>(table.bytes), Width, from, to);
        Assert.Equal(expected.numel(), got.Length);
        Assert.True(expected.allclose(tensor(got).reshape(-1, Width), rtol: 1e-5, atol: 1e-5));
        if (from == to) Assert.Equal(table.data<float>().ToArray(), got);
    }
}
