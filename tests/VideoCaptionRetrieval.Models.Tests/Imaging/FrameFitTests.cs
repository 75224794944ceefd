using VideoCaptionRetrieval.Models.Imaging;

namespace VideoCaptionRetrieval.Models.Tests.Imaging;

/// <summary>The fits that cut nothing are a resize, and a place in the frame.</summary>
public sealed class FrameFitTests
{
    public static TheoryData<int, int, int> Shapes => new()
    {
        { 640, 360, 224 }, { 360, 640, 224 }, { 224, 224, 224 }, { 1, 1, 7 }, { 1, 90, 16 }, { 90, 1, 16 }, { 353, 241, 33 }, { 30, 31, 32 }, { 1000, 3, 24 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Prepare_Pad_IsTheWholeImageInTheMiddleOfBlack(int width, int height, int size)
    {
        var image = Noise(width, height);
        var frame = new byte[3 * size * size];
        Array.Fill(frame, (byte)99);
        FramePreparation.Prepare(image, width, height, new(size, FrameFit.Pad), frame);
        var longer = Math.Max(width, height);
        var (wide, high) = (Math.Max(size * width / longer, 1), Math.Max(size * height / longer, 1));
        var picture = new byte[3 * wide * high];
        PillowResize.Resize(image, width, height, wide, high, picture);
        var expected = new byte[frame.Length];
        for (var y = 0; y < high; y++)
            for (var x = 0; x < 3 * wide; x++)
                expected[(3 * (((y + ((size - high) / 2)) * size) + ((size - wide) / 2))) + x] = picture[(3 * wide * y) + x];
        Assert.Equal(expected, frame);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Prepare_ShortestEdge_IsWhatTheCentreCropIsCutFrom(int width, int height, int size)
    {
        var format = new FrameFormat(size, FrameFit.ShortestEdge);
        var (wide, high) = FramePreparation.OutputSize(width, height, format);
        Assert.Equal(size, Math.Min(wide, high));
        var image = Noise(width, height);
        var (frame, crop) = (new byte[3 * wide * high], new byte[3 * size * size]);
        FramePreparation.Prepare(image, width, height, format, frame);
        FramePreparation.Prepare(image, width, height, new(size, FrameFit.CenterCrop, CropRule.HuggingFace), crop);
        for (var y = 0; y < size; y++)
        {
            var from = 3 * (((y + ((high - size) / 2)) * wide) + ((wide - size) / 2));
            Assert.Equal(crop.AsSpan(3 * size * y, 3 * size), frame.AsSpan(from, 3 * size));
        }
    }

    [Fact]
    public void OutputSize_ShortestEdgeOfAVeryLongImage_Refused()
    {
        var format = new FrameFormat(224, FrameFit.ShortestEdge);
        Assert.Contains("1x600000", Assert.Throws<ArgumentException>(() => FramePreparation.OutputSize(1, 600_000, format)).Message);
        Assert.Equal((224, 224), FramePreparation.OutputSize(1, 600_000, format with { Fit = FrameFit.Pad }));
        Assert.False(format.HasFixedSize);
        Assert.Contains("ShortestEdge", Assert.Throws<InvalidOperationException>(() => format.FrameBytes).Message);
    }

    private static byte[] Noise(int width, int height)
    {
        var image = new byte[3 * width * height];
        new Random(width + height).NextBytes(image);
        return image;
    }
}
