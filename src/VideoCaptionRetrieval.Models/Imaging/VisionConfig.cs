using VideoCaptionRetrieval.Models.Checkpoints;

namespace VideoCaptionRetrieval.Models.Imaging;

/// <summary>What config.json says about the images of a checkpoint that has no preprocessor_config.json, or an incomplete one.</summary>
/// <param name="ImageSize">Width and height in pixels.</param>
/// <param name="Blip">Whether the checkpoint is a BLIP.</param>
internal sealed record VisionConfig(int ImageSize, bool Blip)
{
    /// <summary>Defaults of transformers' CLIPVisionConfig and BlipVisionConfig: published configurations leave keys out.</summary>
    private const int ClipDefaultSize = 224;

    /// <inheritdoc cref="ClipDefaultSize"/>
    private const int BlipDefaultSize = 384;

    private const string FileName = "config.json";

    /// <summary>torchvision's crop, for want of a file that says otherwise; BLIP stretches.</summary>
    internal FrameFormat Format => Blip ? new(ImageSize, FrameFit.Stretch) : new(ImageSize);

    internal static VisionConfig Read(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
        {
            throw new ModelFileException(folder, $"neither '{PreprocessorConfig.FileName}' nor '{FileName}' states the image size; "
                + "expected a checkpoint in Hugging Face layout.");
        }
        var config = new JsonConfig(path);
        var blip = IsBlip(config);
        var stated = config.Child("vision_config")?["image_size"] ?? config.Root["image_size"];
        if (stated is not null) return new(config.Size("vision_config.image_size", stated), blip);
        config.Demand("vision_config.image_size", blip || config.Text("model_type") == "clip", "the image size is missing");
        return new(blip ? BlipDefaultSize : ClipDefaultSize, blip);
    }

    internal static bool IsBlip(string folder)
    {
        var path = Path.Combine(folder, FileName);
        return File.Exists(path) && IsBlip(new JsonConfig(path));
    }

    private static bool IsBlip(JsonConfig config) => config.Text("model_type") == "blip";
}
