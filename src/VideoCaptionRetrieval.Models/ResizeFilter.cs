namespace VideoCaptionRetrieval.Models;

/// <summary>Resampling filter for resizing images. Results equal Pillow's to the byte.</summary>
public enum ResizeFilter
{
    /// <summary>Cubic convolution with a = −0.5, as CLIP and BLIP use it.</summary>
    Bicubic,

    /// <summary>Linear interpolation, as ViT's image processors use it.</summary>
    Bilinear,
}
