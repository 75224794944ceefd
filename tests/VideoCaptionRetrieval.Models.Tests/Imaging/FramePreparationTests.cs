using VideoCaptionRetrieval.Models.Imaging;

namespace VideoCaptionRetrieval.Models.Tests.Imaging;

public sealed class FramePreparationTests
{
    [Theory]
    [InlineData(FrameFit.CenterCrop)]
    [InlineData(FrameFit.Stretch)]
    public void Prepare_AlreadyTheSize_CopiesThePixels(FrameFit fit)
    {
        var image = Noise(8, 8);
        Assert.Equal(image, Prepare(image, 8, 8, new(8, fit)));
    }

    [Theory]
    [InlineData(CropRule.Torchvision, 2)]
    [InlineData(CropRule.HuggingFace, 1)]
    public void Prepare_OddMargin_FollowsTheCropRule(CropRule rule, int left)
    {
        var image = Noise(9, 6);
        var frame = Prepare(image, 9, 6, new(6, FrameFit.CenterCrop, rule));
        for (var y = 0; y < 6; y++)
            Assert.Equal(image.AsSpan(((y * 9) + left) * 3, 18).ToArray(), frame.AsSpan(y * 18, 18).ToArray());
    }

    [Theory]
    [InlineData(1, 4000)]
    [InlineData(4000, 1)]
    [InlineData(1, 1)]
    [InlineData(3000, 7)]
    public void Prepare_PlainColourOfAnyShape_KeepsTheColour(int width, int height)
    {
        var image = new byte[3 * width * height];
        for (var i = 0; i < image.Length; i += 3) (image[i], image[i + 1], image[i + 2]) = (10, 200, 255);
        foreach (var fit in new[] { FrameFit.CenterCrop, FrameFit.Stretch })
        {
            var frame = Prepare(image, width, height, new(16, fit));
            for (var i = 0; i < frame.Length; i += 3) Assert.Equal((10, 200, 255), (frame[i], frame[i + 1], frame[i + 2]));
        }
    }

    [Fact]
    public void Prepare_FromManyThreads_SameFrames()
    {
        var image = Noise(97, 61);
        var expected = Prepare(image, 97, 61, new(32));
        Parallel.For(0, 64, _ => Assert.Equal(expected, Prepare(image, 97, 61, new(32))));
    }

    [Fact]
    public void Prepare_WrongLengths_Throws()
    {
        Assert.Throws<ArgumentException>(() => Prepare(new byte[11], 2, 2, new(2)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Prepare([], 0, 2, new(2)));
        Assert.Throws<ArgumentException>(() => FramePreparation.Prepare(new byte[12], 2, 2, new(2), new byte[13]));
    }

    [Fact]
    public void Prepare_FormatThatIsNotKnown_IsRefused()
    {
        foreach (var format in new FrameFormat[] { new(2, (FrameFit)9), new(2, CropRule: (CropRule)9), new(2, Filter: (ResizeFilter)9) })
            Assert.Contains("'9' is not known", Assert.Throws<ArgumentOutOfRangeException>(() => Prepare(Noise(4, 3), 4, 3, format)).Message);
    }

    private static byte[] Prepare(byte[] image, int width, int height, FrameFormat format)
    {
        var frame = new byte[format.FrameBytes];
        FramePreparation.Prepare(image, width, height, format, frame);
        return frame;
    }

    private static byte[] Noise(int width, int height)
    {
        var image = new byte[3 * width * height];
        new Random(5).NextBytes(image);
        return image;
    }
}
