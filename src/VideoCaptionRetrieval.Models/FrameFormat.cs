namespace VideoCaptionRetrieval.Models;

/// <summary>Format of frames: [Size, Size, 3] bytes each, RGB, row-major.</summary>
/// <param name="Size">Width and height in pixels, S; of <see cref="FrameFit.ShortestEdge"/> the smaller of the two.</param>
/// <param name="Fit">How images of another shape are fitted.</param>
/// <param name="CropRule">Rounding of a centre crop; ignored by the other fits.</param>
/// <param name="Filter">Resampling filter.</param>
public sealed record FrameFormat(
    int Size, FrameFit Fit = FrameFit.CenterCrop, CropRule CropRule = CropRule.Torchvision, ResizeFilter Filter = ResizeFilter.Bicubic)
{
    /// <summary>Whether every frame is S pixels wide and high.</summary>
    public bool HasFixedSize => Fit != FrameFit.ShortestEdge;

    /// <summary>Bytes of one frame: 3·S².</summary>
    /// <exception cref="InvalidOperationException">Frames have no fixed size.</exception>
    public int FrameBytes => HasFixedSize
        ? 3 * Size * Size
        : throw new InvalidOperationException($"Frames of the fit '{Fit}' differ in size from image to image.");

    /// <summary>Formats size, fit, crop rule and filter for messages.</summary>
    public override string ToString() => Invariant($"{Size} pixels, {Fit}, {CropRule}, {Filter}");
}
