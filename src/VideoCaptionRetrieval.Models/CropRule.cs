namespace VideoCaptionRetrieval.Models;

/// <summary>Rounding of a centre crop; the two published rules differ by a pixel where the margin is odd.</summary>
public enum CropRule
{
    /// <summary>torchvision, as in OpenAI's transform: the crop starts at round((n − size) / 2), half to even.</summary>
    Torchvision,

    /// <summary>Hugging Face's CLIPImageProcessor: the crop starts at (n − size) / 2 rounded down.</summary>
    HuggingFace,
}
