using System.Text.Json.Nodes;
using VideoCaptionRetrieval.Models.Checkpoints;

namespace VideoCaptionRetrieval.Models.Blip;

/// <summary>
/// Sizes of BLIP's vision tower. The defaults are the class defaults of transformers 4.46, which published files leave out.
/// </summary>
internal sealed record BlipVisionConfig
{
    internal int HiddenSize { get; init; } = 768;
    internal int IntermediateSize { get; init; } = 3072;
    internal int Layers { get; init; } = 12;
    internal int Heads { get; init; } = 12;

    /// <summary>Width and height of an image in pixels.</summary>
    internal int ImageSize { get; init; } = 384;

    /// <summary>Width and height of a patch in pixels.</summary>
    internal int PatchSize { get; init; } = 16;

    /// <summary>1e-5 in Hugging Face's files; the original code has 1e-6.</summary>
    internal double LayerNormEpsilon { get; init; } = 1e-5;

    /// <summary>Patches along a side of an image.</summary>
    internal int Grid => ImageSize / PatchSize;

    /// <summary>Tokens of an image: the patches and the class token.</summary>
    internal int Positions => (Grid * Grid) + 1;

    /// <exception cref="ModelFileException">A value is out of range or not implemented.</exception>
    internal static BlipVisionConfig Read(ConfigurationSection section)
    {
        var defaults = new BlipVisionConfig();
        BlipConfig.Demand(section, "hidden_act", BlipConfig.Activation);
        var config = new BlipVisionConfig
        {
            HiddenSize = section.Integer("hidden_size", defaults.HiddenSize),
            IntermediateSize = section.Integer("intermediate_size", defaults.IntermediateSize),
            Layers = section.Integer("num_hidden_layers", defaults.Layers),
            Heads = section.Integer("num_attention_heads", defaults.Heads),
            ImageSize = section.Integer("image_size", defaults.ImageSize),
            PatchSize = section.Integer("patch_size", defaults.PatchSize),
            LayerNormEpsilon = section.Number("layer_norm_eps", defaults.LayerNormEpsilon),
        };
        BlipConfig.RequireWholeHeads(section, config.HiddenSize, config.Heads);
        return config.PatchSize <= config.ImageSize
            ? config
            : throw section.Unexpected("patch_size", $"at most image_size, '{config.ImageSize}'");
    }

    internal JsonObject ToJson() => new()
    {
        ["hidden_act"] = BlipConfig.Activation,
        ["hidden_size"] = HiddenSize,
        ["image_size"] = ImageSize,
        ["intermediate_size"] = IntermediateSize,
        ["layer_norm_eps"] = LayerNormEpsilon,
        ["model_type"] = "blip_vision_model",
        ["num_attention_heads"] = Heads,
        ["num_hidden_layers"] = Layers,
        ["patch_size"] = PatchSize,
    };
}
