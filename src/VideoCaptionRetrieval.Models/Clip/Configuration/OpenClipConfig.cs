using VideoCaptionRetrieval.Models.Checkpoints;
using VideoCaptionRetrieval.Models.Imaging;

namespace VideoCaptionRetrieval.Models.Clip.Configuration;

/// <summary>
/// Reads open_clip_config.json: {"model_cfg": sizes, "preprocess_cfg": mean, std …}. Missing keys take the defaults of open_clip's CLIPVisionCfg
/// and CLIPTextCfg (github.com/mlfoundations/open_clip, v2.24.0).
/// </summary>
internal static class OpenClipConfig
{
    internal const string FileName = "open_clip_config.json";

    private const string QuickGeluEnding = "-quickgelu";
    private const string Only =
        "only CLIP with a vision transformer and its own text transformer (models trained with a sigmoid loss are out of scope)";
    private const double Epsilon = 1e-5;

    /// <summary>Filters by name; 'random' chooses anew for every image of a training, and is bicubic otherwise.</summary>
    private static readonly Dictionary<string, ResizeFilter> Filters = new(StringComparer.Ordinal)
    {
        ["bicubic"] = ResizeFilter.Bicubic,
        ["bilinear"] = ResizeFilter.Bilinear,
        ["random"] = ResizeFilter.Bicubic,
    };

    /// <exception cref="ModelFileException">Names the file, the key, the value found and the values implemented.</exception>
    internal static (ClipConfig Config, ImagePreprocessing Preprocessing) Read(string folder)
    {
        var root = ConfigurationSection.Read(Path.Combine(folder, FileName));
        if (!root.HasSection("model_cfg")) throw root.Unexpected("model_cfg", "an object with the sizes of the model");
        var model = root.Section("model_cfg");
        var (vision, text) = (model.Section("vision_cfg"), model.Section("text_cfg"));
        Check(model, vision, text);
        var quick = model.Flag("quick_gelu", missing: false)
            || new[] { "model_name", "architecture", "name" }
                .Any(key => root.Text(key, "").EndsWith(QuickGeluEnding, StringComparison.OrdinalIgnoreCase));
        var patch = vision.Integer("patch_size", 16);
        var image = vision.Has("image_size") ? Square(vision, "image_size") : 224;
        if (patch > image) throw vision.Unexpected("patch_size", $"1 to 'image_size', which is {image}");
        var width = vision.Integer("width", 768);
        var config = new ClipConfig(
            new(Tower(text, text.Integer("width", 512), text.Integer("layers", 12), text.Integer("heads", 8), quick),
                text.Integer("vocab_size", 49408), text.Integer("context_length", 77, minimum: 2)),
            new(Tower(vision, width, vision.Integer("layers", 12), width / vision.Integer("head_width", 64), quick), image, patch),
            model.Has("embed_dim") ? model.Integer("embed_dim", 0) : throw model.Unexpected("embed_dim", "the length of an embedding"));
        return (config, Preprocessing(root.Section("preprocess_cfg"), image));
    }

    private static ClipTowerConfig Tower(ConfigurationSection section, int width, int layers, int heads, bool quick)
    {
        if (heads < 1 || width % heads != 0)
            throw section.Unexpected("width", $"multiples of the number of heads, which is {heads} (found {width})");
        // open_clip rounds down.
        var inner = (int)(width * section.Number("mlp_ratio", 4));
        if (inner < 1) throw section.Unexpected("mlp_ratio", "a positive number");
        var approximate = section.Section("act_kwargs").Choice("approximate", "none", new Dictionary<string, ClipActivation>
        {
            ["none"] = ClipActivation.Gelu,
            ["tanh"] = ClipActivation.GeluTanh,
        });
        return new(width, inner, layers, heads, quick ? ClipActivation.QuickGelu : approximate,
            section.Section("norm_kwargs").Number("eps", Epsilon));
    }

    private static void Check(ConfigurationSection model, ConfigurationSection vision, ConfigurationSection text)
    {
        foreach (var key in new[] { "multimodal_cfg", "init_logit_bias" })      // CoCa; a sigmoid loss
            if (model.Has(key)) throw model.Unexpected(key, Only);
        if (!model.HasSection("vision_cfg")) throw model.Unexpected("vision_cfg", "an object with the sizes of the image tower");
        if (!model.HasSection("text_cfg")) throw model.Unexpected("text_cfg", "an object with the sizes of the text tower");
        if (vision.Has("timm_model_name")) throw vision.Unexpected("timm_model_name", Only);
        if (vision.HasArray("layers")) throw vision.Unexpected("layers", $"a number, not those of a ResNet: {Only}");
        if (text.Has("hf_model_name")) throw text.Unexpected("hf_model_name", Only);
        foreach (var key in new[] { "global_average_pool", "attentional_pool", "attn_pooler", "input_patchnorm", "no_ln_pre", "final_ln_after_pool" })
            Refuse(vision, key);
        foreach (var key in new[] { "embed_cls", "no_causal_mask", "proj_bias" }) Refuse(text, key);
        foreach (var section in new[] { vision, text })
            if (section.Has("ls_init_value")) throw section.Unexpected("ls_init_value", Only);
        RequireText(vision, "pool_type", "tok");
        RequireText(vision, "pos_embed_type", "learnable");
        RequireText(text, "pool_type", "argmax");
        RequireText(text, "proj_type", "linear");
        RequireText(text.Section("tokenizer_kwargs"), "clean", "lower");
    }

    private static void Refuse(ConfigurationSection section, string key)
    {
        if (section.IsSet(key)) throw section.Unexpected(key, Only);
    }

    private static void RequireText(ConfigurationSection section, string key, string value)
    {
        if (section.Text(key, value) != value) throw section.Unexpected(key, $"'{value}': {Only}");
    }

    private static ImagePreprocessing Preprocessing(ConfigurationSection section, int image)
    {
        var filter = section.Choice("interpolation", "bicubic", Filters);
        if (section.Text("mode", "RGB") != "RGB") throw section.Unexpected("mode", "'RGB'");
        var fit = section.Choice("resize_mode", "shortest", new Dictionary<string, FrameFit>
        {
            ["shortest"] = FrameFit.CenterCrop,
            ["squash"] = FrameFit.Stretch,
        });
        if (section.Has("size") && Square(section, "size") != image)
            throw section.Unexpected("size", $"the image tower's 'image_size', which is {image}");
        var (mean, deviation) = (section.Numbers("mean", 3), section.Numbers("std", 3));
        if (deviation?.Contains(0) == true) throw section.Unexpected("std", "divisors other than 0");
        return new(new(image, fit, Filter: filter), mean, deviation)
        {
            Source = new(FileName, [.. new[] { "interpolation", "resize_mode", "mean", "std" }.Where(key => !section.Has(key))]),
        };
    }

    /// <summary>Reads a number, or [height, width], before which preprocess_cfg may put the number of channels.</summary>
    private static int Square(ConfigurationSection section, string key)
    {
        if (!section.HasArray(key)) return SquareSize.Pixels(section, key);
        var sides = section.Numbers(key, section.LengthOf(key))!;
        var square = sides is [.., var height, var width] && height == width
            && height is >= 1 and <= SquareSize.MaxPixels && height == Math.Floor(height);
        return square && sides.Length is (2 or 3) ? (int)sides[^1] : throw section.Unexpected(key, $"a square of 1 to {SquareSize.MaxPixels} pixels");
    }
}
