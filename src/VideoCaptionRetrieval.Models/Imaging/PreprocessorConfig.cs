using System.Text.Json.Nodes;
using VideoCaptionRetrieval.Models.Checkpoints;

namespace VideoCaptionRetrieval.Models.Imaging;

/// <summary>Reads preprocessor_config.json as transformers' CLIPImageProcessor and BlipImageProcessor (and their older forms) do.</summary>
internal static class PreprocessorConfig
{
    internal const string FileName = "preprocessor_config.json";

    /// <summary>PIL.Image.Resampling.BICUBIC.</summary>
    private const double Bicubic = 3;

    internal static ImagePreprocessing Read(string folder)
    {
        if (!Directory.Exists(folder))
            throw new ModelFileException(folder, "the folder does not exist; expected a checkpoint in Hugging Face layout.");
        var path = Path.Combine(folder, FileName);
        return File.Exists(path) ? Read(new JsonConfig(path), folder) : new(VisionConfig.Read(folder).Format);
    }

    private static ImagePreprocessing Read(JsonConfig config, string folder)
    {
        config.Demand("do_resize", config.Flag("do_resize") ?? true, "only resized images are implemented; expected true");
        var resample = config.Number("resample", config.Root["resample"]) ?? Bicubic;
        config.Demand("resample", resample == Bicubic, $"found {resample}; only 3 (bicubic) is implemented");

        var normalise = config.Flag("do_normalize") ?? true;
        var rescale = config.Flag("do_rescale") ?? true;
        var mean = normalise ? config.Triple("image_mean") : [0, 0, 0];
        var deviation = normalise ? config.Triple("image_std") : [1, 1, 1];
        config.Demand("image_std", deviation is null || deviation.All(value => value != 0), "a divisor is 0");
        var factor = config.Number("rescale_factor", config.Root["rescale_factor"]) ?? ImagePreprocessing.DefaultRescaleFactor;
        return new(Format(config, folder), mean, deviation, rescale ? factor : 1);
    }

    private static FrameFormat Format(JsonConfig config, string folder)
    {
        var size = config.Root["size"];
        if (IsBlip(config, folder))
        {
            // BlipImageProcessor resizes to exactly S x S; older files of the same checkpoints say shortest_edge for it.
            var exact = size is null ? VisionConfig.Read(folder).ImageSize : config.Square("size", size, "shortest_edge");
            return new(exact, FrameFit.Stretch);
        }
        var sides = size is JsonObject named && named.ContainsKey("height");
        if (!CropsCentre(config))
        {
            config.Demand("size", sides, "without 'do_center_crop' frames would not be square; expected {\"height\", \"width\"}");
            return new(config.Square("size", size!, null), FrameFit.Stretch);
        }
        var crop = config.Root["crop_size"] is { } cropSize ? config.Square("crop_size", cropSize, null) : VisionConfig.Read(folder).ImageSize;
        var edge = size is null ? crop : config.Square("size", size, "shortest_edge");
        config.Demand("size", edge == crop, $"images are resized to {edge} and cropped to {crop}; only equal sizes are implemented");
        return sides ? new(crop, FrameFit.Stretch) : new(crop, FrameFit.CenterCrop, CropRule.HuggingFace);
    }

    /// <summary>CLIPImageProcessor crops by default; other processors only where the file says so.</summary>
    private static bool CropsCentre(JsonConfig config) => config.Flag("do_center_crop")
        ?? (config.Root["crop_size"] is not null || ProcessorTypes(config).Any(type => type.StartsWith("CLIP", StringComparison.Ordinal)));

    private static bool IsBlip(JsonConfig config, string folder) =>
        ProcessorTypes(config).Any(type => type.StartsWith("Blip", StringComparison.Ordinal)) || VisionConfig.IsBlip(folder);

    private static IEnumerable<string> ProcessorTypes(JsonConfig config) =>
        new[] { "image_processor_type", "feature_extractor_type", "processor_class" }.Select(config.Text).OfType<string>();
}
