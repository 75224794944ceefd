namespace VideoCaptionRetrieval.Models;

/// <summary>What the frames of a column look like: [Size, Size, 3] bytes each, RGB, row-major.</summary>
/// <param name="Size">Width and height in pixels, S.</param>
/// <param name="Fit">How an image of another shape is fitted.</param>
/// <param name="CropRule">How a centre crop rounds; without meaning for <see cref="FrameFit.Stretch"/>.</param>
public sealed record FrameFormat(int Size, FrameFit Fit = FrameFit.CenterCrop, CropRule CropRule = CropRule.Torchvision)
{
    /// <summary>Bytes of one frame: 3·S².</summary>
    public int FrameBytes => 3 * Size * Size;
}
