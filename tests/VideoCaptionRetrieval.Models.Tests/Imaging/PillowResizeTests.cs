using VideoCaptionRetrieval.Models.Imaging;

namespace VideoCaptionRetrieval.Models.Tests.Imaging;

/// <summary>Every kind of vectors gives the bytes of a plain loop over Pillow's formulas.</summary>
public sealed class PillowResizeTests
{
    private const int Precision = 22;

    public static TheoryData<int, int, int, int> Sizes => new()
    {
        { 1, 1, 8, 8 }, { 1, 50, 8, 8 }, { 50, 1, 8, 8 }, { 1, 1, 1, 1 }, { 7, 3, 1, 1 }, { 2, 2, 33, 33 }, { 31, 33, 64, 64 },
        { 640, 360, 11, 11 },
        { 17, 900, 16, 16 }, { 200, 100, 224, 224 }, { 65, 129, 32, 64 }, { 64, 64, 64, 20 }, { 64, 64, 20, 64 }, { 320, 180, 224, 224 },
    };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Resize_WholeImage_EqualsAPlainLoop(int width, int height, int outputWidth, int outputHeight)
    {
        var size = Math.Min(outputWidth, outputHeight);
        var (left, top) = ((outputWidth - size) / 2, (outputHeight - size) / 2);
        AssertAllEqual(Noise(width, height, seed: 1), width, height, outputWidth, outputHeight, left, top, size);
    }

    [Fact]
    public void Resize_RandomSizesAndWindows_EqualsAPlainLoop()
    {
        var random = new Random(3);
        for (var i = 0; i < 150; i++)
        {
            var (width, height) = (random.Next(1, 150), random.Next(1, 150));
            var (wide, high) = (random.Next(1, 90), random.Next(1, 90));
            var size = random.Next(1, Math.Min(wide, high) + 1);
            var (left, top) = (random.Next(wide - size + 1), random.Next(high - size + 1));
            AssertAllEqual(Noise(width, height, i), width, height, wide, high, left, top, size);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(255)]
    public void Resize_HardEdges_ClipsAsAPlainLoop(byte even)
    {
        var image = new byte[3 * 61 * 47];
        for (var i = 0; i < image.Length; i++) image[i] = i / 3 % 2 == 0 ? even : (byte)(255 - even);
        AssertAllEqual(image, 61, 47, 100, 90, 3, 2, 88);
    }

    [Fact]
    public void Of_ManySizes_KeepsGivingTheSameWeights()
    {
        var first = ResizeWeights.Get(640, 224, 0, 224, ResizeFilter.Bicubic).Taps(100, out _).ToArray();
        for (var size = 1; size < 200; size++) _ = ResizeWeights.Get(size, 8, 0, 8, ResizeFilter.Bicubic);
        Assert.Equal(first, ResizeWeights.Get(640, 224, 0, 224, ResizeFilter.Bicubic).Taps(100, out _).ToArray());
    }

    private static void AssertAllEqual(byte[] image, int width, int height, int outputWidth, int outputHeight, int left, int top, int size)
    {
        foreach (var filter in Enum.GetValues<ResizeFilter>())
            AssertAllEqual(filter, image, width, height, outputWidth, outputHeight, left, top, size);
    }

    private static void AssertAllEqual(
        ResizeFilter filter, byte[] image, int width, int height, int outputWidth, int outputHeight, int left, int top, int size)
    {
        var expected = Plain(filter, image, width, height, outputWidth, outputHeight, left, top, size);
        foreach (var vectors in Enum.GetValues<VectorWidth>().Where(VectorWidths.Supported))
        {
            var found = new byte[size * size * 3];
            PillowResize.Resize(image, width, height, outputWidth, outputHeight, left, top, size, found, vectors, filter);
            Assert.True(expected.AsSpan().SequenceEqual(found),
                $"{filter}, {vectors}: {width}x{height} to {outputWidth}x{outputHeight}, window {left},{top} of {size}");
        }
    }

    private static byte[] Plain(
        ResizeFilter filter, byte[] image, int width, int height, int outputWidth, int outputHeight, int left, int top, int size)
    {
        var narrow = new byte[height * outputWidth * 3];
        for (var y = 0; y < height; y++)
            for (var x = 0; x < outputWidth; x++)
                for (var c = 0; c < 3; c++)
                    narrow[(((y * outputWidth) + x) * 3) + c] = Sum(filter, width, outputWidth, x, i => image[(((y * width) + i) * 3) + c]);
        var window = new byte[size * size * 3];
        for (var y = 0; y < size; y++)
            for (var x = 0; x < size; x++)
                for (var c = 0; c < 3; c++)
                    window[(((y * size) + x) * 3) + c] =
                        Sum(filter, height, outputHeight, top + y, i => narrow[(((i * outputWidth) + left + x) * 3) + c]);
        return window;
    }

    private static byte Sum(ResizeFilter filter, int input, int output, int position, Func<int, byte> pixel)
    {
        if (input == output) return pixel(position);
        var scale = (double)input / output;
        var filterScale = Math.Max(1, scale);
        var (centre, support) = ((position + 0.5) * scale, (filter == ResizeFilter.Bilinear ? 1 : 2) * filterScale);
        var (from, to) = (Math.Max(0, (int)(centre - support + 0.5)), Math.Min(input, (int)(centre + support + 0.5)));
        var weights = Enumerable.Range(from, to - from).Select(i => (i - centre + 0.5) * (1 / filterScale))
            .Select(x => filter == ResizeFilter.Bilinear ? Math.Max(0, 1 - Math.Abs(x)) : Cubic(x)).ToArray();
        var total = 0.0;
        foreach (var weight in weights) total += weight;
        var sum = 1 << (Precision - 1);
        for (var i = from; i < to; i++)
        {
            var weight = weights[i - from] / total * (1 << Precision);
            sum += pixel(i) * (int)(weight + (weight < 0 ? -0.5 : 0.5));
        }
        return (byte)Math.Clamp(sum >> Precision, 0, 255);
    }

    private static double Cubic(double x) => Math.Abs(x) switch
    {
        < 1 and var t => (((1.5 * t) - 2.5) * t * t) + 1,
        < 2 and var t => ((((t - 5) * t) + 8) * t - 4) * -0.5,
        _ => 0,
    };

    private static byte[] Noise(int width, int height, int seed)
    {
        var image = new byte[3 * width * height];
        new Random(seed).NextBytes(image);
        return image;
    }
}
