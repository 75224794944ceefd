using System.Text.Json.Nodes;
using VideoCaptionRetrieval.Models.Checkpoints;

namespace VideoCaptionRetrieval.Models.Clip.Configuration;

/// <summary>The image tower.</summary>
/// <param name="Tower">The transformer.</param>
/// <param name="ImageSize">Width and height of an image in pixels.</param>
/// <param name="PatchSize">
/// Width and height of a patch in pixels; where it does not divide the image, the last rows and columns are not seen.
/// </param>
internal sealed record ClipVisionConfig(ClipTowerConfig Tower, int ImageSize, int PatchSize)
{
    private const int Channels = 3;

    /// <summary>The defaults of transformers' CLIPVisionConfig.</summary>
    internal static readonly ClipVisionConfig Default = new(new(768, 3072, 12, 12), 224, 32);

    /// <summary>Patches of an image.</summary>
    internal int Patches => Grid * Grid;

    /// <summary>Patches along a side.</summary>
    internal int Grid => ImageSize / PatchSize;

    internal static ClipVisionConfig Read(ConfigurationSection section)
    {
        if (section.Integer("num_channels", Channels) != Channels) throw section.Unexpected("num_channels", $"{Channels}");
        var config = new ClipVisionConfig(
            ClipTowerConfig.Read(section, Default.Tower),
            section.Integer("image_size", Default.ImageSize),
            section.Integer("patch_size", Default.PatchSize));
        return config.Patches > 0 ? config : throw section.Unexpected("patch_size", $"1 to 'image_size', which is {config.ImageSize}");
    }

    internal JsonObject ToJson()
    {
        var json = Tower.ToJson();
        json["model_type"] = "clip_vision_model";
        json["image_size"] = ImageSize;
        json["patch_size"] = PatchSize;
        json["num_channels"] = Channels;
        return json;
    }
}
