using System.Text;
using System.Text.Json.Nodes;
using VideoCaptionRetrieval.Models.Checkpoints;

namespace VideoCaptionRetrieval.Models.Imaging;

/// <summary>
/// Reads preprocessor_config.json, or the image settings in processor_config.json, as transformers' CLIPImageProcessor, BlipImageProcessor and
/// ViTImageProcessor, and their older forms, do.
/// </summary>
public static class PreprocessorConfig
{
    /// <summary>PIL.Image.Resampling: BILINEAR, BICUBIC.</summary>
    private const double Bilinear = 2, Bicubic = 3;

    private const int Channels = 3;
    private const string ImageProcessor = "image_processor", CropSize = "crop_size";
    private const string ShortestEdge = "shortest_edge";
    private const string CropRuleKey = "crop_rule", TorchvisionCrop = "torchvision", HuggingFaceCrop = "hugging_face";

    /// <summary>The keys that decide what the network sees.</summary>
    private static readonly string[] Stated = ["size", CropSize, "resample", "image_mean", "image_std", "rescale_factor"];

    private static readonly Dictionary<string, CropRule> CropRules = new(StringComparer.Ordinal)
    {
        [HuggingFaceCrop] = CropRule.HuggingFace,
        [TorchvisionCrop] = CropRule.Torchvision,
    };

    /// <summary>Reads the settings of a folder; without a file that states them, the image size of config.json and CLIP's values.</summary>
    internal static ImagePreprocessing Read(string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new ModelFileException(
                folder, $"the folder does not exist; expected a checkpoint in Hugging Face layout; {MissingModel.Advice}");
        }
        return Find(folder) is { } config
            ? Read(config, folder)
            : Unstated(VisionConfig.Read(folder).Format);
    }

    /// <summary>Creates the preprocessing of a checkpoint that states nothing but the frames: CLIP's values.</summary>
    internal static ImagePreprocessing Unstated(FrameFormat format) => new(format) { Source = new(File: null, Stated) };

    /// <summary>Name of the file that states a folder's settings, in the order of transformers 5; null where there is none.</summary>
    /// <exception cref="ModelFileException">A file is damaged.</exception>
    internal static string? FileOf(string folder) => Find(folder) is { } config ? Path.GetFileName(config.Path) : null;

    private static ConfigurationSection? Find(string folder)
    {
        var (processor, own) = (Path.Combine(folder, CheckpointFiles.Processor), Path.Combine(folder, CheckpointFiles.Preprocessor));
        if (File.Exists(processor) && ConfigurationSection.Read(processor) is var file && file.HasSection(ImageProcessor))
            return file.Section(ImageProcessor);
        return File.Exists(own) ? ConfigurationSection.Read(own) : null;
    }

    private static ImagePreprocessing Read(ConfigurationSection config, string folder)
    {
        if (!config.Flag("do_resize", missing: true)) throw config.Unexpected("do_resize", "true");
        var resample = config.Number("resample", IsVit(config) ? Bilinear : Bicubic);
        if (resample is not (Bilinear or Bicubic)) throw config.Unexpected("resample", Invariant($"{Bicubic} (bicubic) or {Bilinear} (bilinear)"));

        var normalise = config.Flag("do_normalize", missing: true);
        var rescale = config.Flag("do_rescale", missing: true);
        var mean = normalise ? config.Numbers("image_mean", Channels) : [0, 0, 0];
        var deviation = normalise ? config.Numbers("image_std", Channels) : [1, 1, 1];
        if (deviation?.Contains(0) == true) throw config.Unexpected("image_std", "divisors other than 0");
        var factor = config.Number("rescale_factor", ImagePreprocessing.DefaultRescaleFactor);
        var filter = resample == Bilinear ? ResizeFilter.Bilinear : ResizeFilter.Bicubic;
        var format = Format(config, folder) with { Filter = filter };
        return new(format, mean, deviation, rescale ? factor : 1)
        {
            Source = new(Path.GetFileName(config.Path), [.. Stated.Where(key => !config.Has(key) && (key != CropSize || format.Fit == FrameFit.CenterCrop))]),
        };
    }

    private static FrameFormat Format(ConfigurationSection config, string folder)
    {
        if (IsBlip(config, folder))
        {
            // BlipImageProcessor resizes to exactly S x S, although older files of the same checkpoints say shortest_edge.
            return new(config.Has("size") ? SquareSize.Read(config, "size", ShortestEdge) : VisionConfig.Read(folder).ImageSize,
                FrameFit.Stretch);
        }
        var sides = config.HasSection("size") && config.Section("size").Has("height");
        if (!CropsCentre(config))
        {
            // Frames would not be square; only ViT's processors stretch to a single number.
            if (!sides && !IsVit(config)) throw config.Unexpected("size", "\"height\" and \"width\", where 'do_center_crop' is not true");
            return new(SquareSize.Read(config, "size"), FrameFit.Stretch);
        }
        var crop = config.Has(CropSize) ? SquareSize.Read(config, CropSize) : VisionConfig.Read(folder).ImageSize;
        var edge = config.Has("size") ? SquareSize.Read(config, "size", ShortestEdge) : crop;
        if (edge != crop) throw config.Unexpected("size", $"the size of the crop, which is {crop}");
        return sides ? new(crop, FrameFit.Stretch) : new(crop, FrameFit.CenterCrop, config.Choice(CropRuleKey, HuggingFaceCrop, CropRules));
    }

    /// <summary>
    /// Writes preprocessor_config.json of a preprocessing. transformers has no key for the crop's rounding, so torchvision's gets an extra one,
    /// which transformers ignores.
    /// </summary>
    public static byte[] Write(ImagePreprocessing preprocessing)
    {
        if (preprocessing.Format.Fit is not (FrameFit.CenterCrop or FrameFit.Stretch))
            throw new ArgumentException($"'{preprocessing.Format.Fit}' has no words in a {CheckpointFiles.Preprocessor}.", nameof(preprocessing));
        var (size, stretch) = (preprocessing.Format.Size, preprocessing.Format.Fit == FrameFit.Stretch);
        var square = () => new JsonObject { ["height"] = size, ["width"] = size };
        var json = new JsonObject
        {
            [CropSize] = square(),
            ["do_center_crop"] = !stretch,
            ["do_convert_rgb"] = true,
            ["do_normalize"] = true,
            ["do_rescale"] = true,
            ["do_resize"] = true,
            ["image_mean"] = JsonFile.Floats(preprocessing.Mean),
            ["image_processor_type"] = "CLIPImageProcessor",
            ["image_std"] = JsonFile.Floats(preprocessing.StandardDeviation),
            ["resample"] = Resample(preprocessing.Format.Filter),
            ["rescale_factor"] = JsonFile.Float(preprocessing.RescaleFactor),
            ["size"] = stretch ? square() : new JsonObject { [ShortestEdge] = size },
        };
        if (!stretch && IsTorchvision(preprocessing.Format.CropRule)) json[CropRuleKey] = TorchvisionCrop;
        return Encoding.UTF8.GetBytes(json.ToJsonString(new() { WriteIndented = true }) + "\n");
    }

    /// <summary>Returns Pillow's number of a filter.</summary>
    internal static int Resample(ResizeFilter filter) => filter switch
    {
        ResizeFilter.Bilinear => (int)Bilinear,
        ResizeFilter.Bicubic => (int)Bicubic,
        _ => throw new ArgumentOutOfRangeException(nameof(filter), filter, $"Pillow has no number for the filter '{filter}'."),
    };

    private static bool IsTorchvision(CropRule rule) => rule switch
    {
        CropRule.Torchvision => true,
        CropRule.HuggingFace => false,
        _ => throw new ArgumentOutOfRangeException(nameof(rule), rule, $"'{rule}' has no words in a {CheckpointFiles.Preprocessor}."),
    };

    /// <summary>Whether images are cropped: by default for CLIPImageProcessor, else only where the file says so.</summary>
    private static bool CropsCentre(ConfigurationSection config) => config.Flag("do_center_crop",
        missing: config.Has(CropSize) || ProcessorTypes(config).Any(type => type.StartsWith("CLIP", StringComparison.Ordinal)));

    private static bool IsVit(ConfigurationSection config) =>
        ProcessorTypes(config).Any(type => type.StartsWith("ViT", StringComparison.Ordinal) || type.StartsWith("DeiT", StringComparison.Ordinal));

    private static bool IsBlip(ConfigurationSection config, string folder) =>
        ProcessorTypes(config).Any(type => type.StartsWith("Blip", StringComparison.Ordinal)) || VisionConfig.IsBlip(folder);

    private static IEnumerable<string> ProcessorTypes(ConfigurationSection config) =>
        new[] { "image_processor_type", "feature_extractor_type", "processor_class" }.Select(key => config.Text(key, ""));
}
