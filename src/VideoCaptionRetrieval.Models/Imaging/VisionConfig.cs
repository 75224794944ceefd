using VideoCaptionRetrieval.Models.Checkpoints;

namespace VideoCaptionRetrieval.Models.Imaging;

/// <summary>Image size from config.json, for a checkpoint without a complete preprocessor_config.json.</summary>
/// <param name="ImageSize">Width and height in pixels.</param>
/// <param name="Blip">Whether the checkpoint is a BLIP.</param>
internal sealed record VisionConfig(int ImageSize, bool Blip)
{
    /// <summary>Defaults of transformers' CLIPVisionConfig and BlipVisionConfig: published configurations leave keys out.</summary>
    private const int ClipDefaultSize = 224;

    /// <inheritdoc cref="ClipDefaultSize"/>
    private const int BlipDefaultSize = 384;

    /// <summary>Frames with torchvision's crop, the default without a file that says otherwise; BLIP stretches.</summary>
    internal FrameFormat Format => Blip ? new(ImageSize, FrameFit.Stretch) : new(ImageSize);

    /// <exception cref="ModelFileException">The file is missing or damaged, or does not state the image size.</exception>
    internal static VisionConfig Read(string folder)
    {
        var path = Path.Combine(folder, CheckpointFiles.Configuration);
        if (!File.Exists(path))
        {
            throw new ModelFileException(folder,
                $"none of '{CheckpointFiles.Processor}', '{CheckpointFiles.Preprocessor}' and '{CheckpointFiles.Configuration}' states the "
                + $"image size; expected a checkpoint in Hugging Face layout; {MissingModel.Advice}");
        }
        var config = ConfigurationSection.Read(path);
        var (vision, blip) = (config.Section("vision_config"), IsBlip(config));
        if (vision.Has("image_size")) return new(SquareSize.Pixels(vision, "image_size"), blip);
        if (config.Has("image_size")) return new(SquareSize.Pixels(config, "image_size"), blip);
        if (!blip && config.Text("model_type", "") != "clip") throw vision.Unexpected("image_size", "a whole number of pixels");
        return new(blip ? BlipDefaultSize : ClipDefaultSize, blip);
    }

    internal static bool IsBlip(string folder)
    {
        var path = Path.Combine(folder, CheckpointFiles.Configuration);
        return File.Exists(path) && IsBlip(ConfigurationSection.Read(path));
    }

    private static bool IsBlip(ConfigurationSection config) => config.Text("model_type", "") == "blip";
}
