namespace VideoCaptionRetrieval.Models;

/// <summary>How pixels are weighted when an image is resized. All are Pillow's, to the byte.</summary>
public enum ResizeFilter
{
    /// <summary>Cubic convolution, a = −0.5, as CLIP and BLIP take it.</summary>
    Bicubic,

    /// <summary>Linear interpolation, as ViT's image processors take it.</summary>
    Bilinear,
}
