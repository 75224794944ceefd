using System.Text.Json;
using System.Text.Json.Nodes;
using VideoCaptionRetrieval.Models.Checkpoints;

namespace VideoCaptionRetrieval.Models.Clip.Configuration;

/// <summary>
/// Configuration of a CLIP dual encoder, from config.json in Hugging Face layout. Missing keys take the class defaults of transformers. Dropout keys
/// are not read: no published model has any, and gradient caching needs a deterministic network.
/// </summary>
/// <param name="Text">The text tower.</param>
/// <param name="Vision">The image tower.</param>
/// <param name="ProjectionSize">Length D of an embedding.</param>
/// <param name="LogitScaleInit">ln of a freshly initialised model's logit scale; 2.6592 = ln(1/0.07).</param>
/// <param name="InitializerFactor">Factor on every standard deviation of a freshly initialised model.</param>
public sealed record ClipConfig(
    ClipTextConfig Text, ClipVisionConfig Vision, int ProjectionSize = 512, double LogitScaleInit = 2.6592, double InitializerFactor = 1)
{
    private const string ModelType = "clip";
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>Reads config.json of <paramref name="folder"/>.</summary>
    /// <exception cref="ModelFileException">Names the file, the key, the value found and the values implemented.</exception>
    internal static ClipConfig Read(string folder)
    {
        var root = ConfigurationSection.Read(Path.Combine(folder, CheckpointFiles.Configuration));
        if (root.Text("model_type", ModelType) != ModelType) throw root.Unexpected("model_type",
            $"'{ModelType}', CLIP with a vision transformer (models trained with a sigmoid loss, such as SigLIP, are out of scope)");
        var defaults = new ClipConfig(ClipTextConfig.Default, ClipVisionConfig.Default);
        return new(
            ClipTextConfig.Read(Tower(root, "text_config")),
            ClipVisionConfig.Read(Tower(root, "vision_config")),
            root.Integer("projection_dim", defaults.ProjectionSize),
            root.Number("logit_scale_init_value", defaults.LogitScaleInit),
            root.Number("initializer_factor", defaults.InitializerFactor));
    }

    /// <summary>Returns config.json with every key.</summary>
    public string ToJson() => new JsonObject
    {
        ["architectures"] = new JsonArray("CLIPModel"),
        ["model_type"] = ModelType,
        ["projection_dim"] = ProjectionSize,
        ["logit_scale_init_value"] = JsonFile.Float(LogitScaleInit),
        ["initializer_factor"] = JsonFile.Float(InitializerFactor),
        ["torch_dtype"] = "float32",
        ["text_config"] = Text.ToJson(),
        ["vision_config"] = Vision.ToJson(),
    }.ToJsonString(Indented) + "\n";

    /// <summary>Reads a tower's section. Early files also have 'text_config_dict', which overrides 'text_config' in transformers.</summary>
    private static ConfigurationSection Tower(ConfigurationSection root, string key) =>
        root.Section(root.Has($"{key}_dict") ? $"{key}_dict" : key);
}

/// <summary>Sizes of the text tower.</summary>
/// <param name="Tower">The transformer.</param>
/// <param name="VocabularySize">Rows of the token embeddings.</param>
/// <param name="ContextLength">The most tokens of a text, start and end included.</param>
/// <param name="EndOfTextId">
/// The id whose first position gives the embedding. <see cref="LegacyEndOfTextId"/>, an error in the published models, stands for the position of
/// the largest id.
/// </param>
/// <param name="StartOfTextId">Only written back; the tokenizer has its own.</param>
/// <param name="PaddingId">Only written back; attention is causal, so padding does not matter.</param>
public sealed record ClipTextConfig(
    ClipTowerConfig Tower, int VocabularySize, int ContextLength = 77,
    int EndOfTextId = ClipTextConfig.LegacyEndOfTextId, int StartOfTextId = 0, int PaddingId = 1)
{
    /// <summary>The id of early configurations (2), in whose place the text's largest id ends it.</summary>
    public const int LegacyEndOfTextId = 2;

    /// <summary>Defaults of transformers' CLIPTextConfig, on which the first published files rely.</summary>
    internal static readonly ClipTextConfig Default = new(new(512, 2048, 12, 8), 49408);

    internal static ClipTextConfig Read(ConfigurationSection section) => new(
        ClipTowerConfig.Read(section, Default.Tower),
        section.Integer("vocab_size", Default.VocabularySize),
        section.Integer("max_position_embeddings", Default.ContextLength, minimum: 2),
        section.Integer("eos_token_id", Default.EndOfTextId, minimum: 0),
        section.Integer("bos_token_id", Default.StartOfTextId, minimum: 0),
        section.Integer("pad_token_id", Default.PaddingId, minimum: 0));

    internal JsonObject ToJson()
    {
        var json = Tower.ToJson();
        json["model_type"] = "clip_text_model";
        json["vocab_size"] = VocabularySize;
        json["max_position_embeddings"] = ContextLength;
        json["eos_token_id"] = EndOfTextId;
        json["bos_token_id"] = StartOfTextId;
        json["pad_token_id"] = PaddingId;
        return json;
    }
}

/// <summary>Sizes of the image tower.</summary>
/// <param name="Tower">The transformer.</param>
/// <param name="ImageSize">Width and height of an image in pixels.</param>
/// <param name="PatchSize">
/// Width and height of a patch in pixels; where it does not divide the image size, the last rows and columns are ignored.
/// </param>
public sealed record ClipVisionConfig(ClipTowerConfig Tower, int ImageSize, int PatchSize)
{
    private const int Channels = 3;

    /// <summary>Defaults of transformers' CLIPVisionConfig.</summary>
    internal static readonly ClipVisionConfig Default = new(new(768, 3072, 12, 12), 224, 32);

    /// <summary>Number of patches of an image.</summary>
    public int Patches => Grid * Grid;

    /// <summary>Number of patches along a side.</summary>
    public int Grid => ImageSize / PatchSize;

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

/// <summary>Sizes of one transformer tower.</summary>
/// <param name="HiddenSize">Width C of a position.</param>
/// <param name="IntermediateSize">Hidden width of an MLP.</param>
/// <param name="Layers">Number of layers.</param>
/// <param name="Heads">Number of attention heads, a divisor of the width.</param>
/// <param name="Activation">Activation of the MLPs.</param>
/// <param name="LayerNormEpsilon">Added to the variance in every norm.</param>
/// <param name="InitializerRange">Standard deviation of freshly initialised patch and position embeddings (image tower).</param>
public sealed record ClipTowerConfig(
    int HiddenSize, int IntermediateSize, int Layers, int Heads,
    ClipActivation Activation = ClipActivation.QuickGelu, double LayerNormEpsilon = 1e-5, double InitializerRange = 0.02)
{
    /// <summary>Far above every model, so that a damaged configuration cannot exhaust memory.</summary>
    internal const int MaxLayers = 10_000;

    /// <summary>Reads the keys that both towers share; <paramref name="missing"/> holds the class defaults.</summary>
    internal static ClipTowerConfig Read(ConfigurationSection section, ClipTowerConfig missing)
    {
        var tower = new ClipTowerConfig(
            section.Integer("hidden_size", missing.HiddenSize),
            section.Integer("intermediate_size", missing.IntermediateSize),
            section.Integer("num_hidden_layers", missing.Layers, maximum: MaxLayers),
            section.Integer("num_attention_heads", missing.Heads),
            section.Choice("hidden_act", ClipActivations.NameOf(missing.Activation), ClipActivations.ByName),
            section.Number("layer_norm_eps", missing.LayerNormEpsilon),
            section.Number("initializer_range", missing.InitializerRange));
        if (tower.HiddenSize % tower.Heads == 0) return tower;
        throw section.Unexpected("hidden_size", $"multiples of 'num_attention_heads', which is {tower.Heads} (found {tower.HiddenSize})");
    }

    internal JsonObject ToJson() => new()
    {
        ["hidden_size"] = HiddenSize,
        ["intermediate_size"] = IntermediateSize,
        ["num_hidden_layers"] = Layers,
        ["num_attention_heads"] = Heads,
        ["hidden_act"] = ClipActivations.NameOf(Activation),
        ["layer_norm_eps"] = JsonFile.Float(LayerNormEpsilon),
        ["initializer_range"] = JsonFile.Float(InitializerRange),
    };
}

/// <summary>Activation between the two linear layers of an MLP.</summary>
public enum ClipActivation
{
    /// <summary>x·sigmoid(1.702 x), in OpenAI's models.</summary>
    QuickGelu,

    /// <summary>The exact GELU, by erf.</summary>
    Gelu,

    /// <summary>GELU by tanh.</summary>
    GeluTanh,
}

/// <summary>Maps activations to names of config.json's hidden_act.</summary>
internal static class ClipActivations
{
    /// <summary>Activations by name; the first name of each is written.</summary>
    internal static readonly IReadOnlyDictionary<string, ClipActivation> ByName =
        new Dictionary<string, ClipActivation>(StringComparer.Ordinal)
        {
            ["quick_gelu"] = ClipActivation.QuickGelu,
            ["gelu"] = ClipActivation.Gelu,
            ["gelu_new"] = ClipActivation.GeluTanh,
            ["gelu_pytorch_tanh"] = ClipActivation.GeluTanh,
        };

    internal static string NameOf(ClipActivation activation) => ByName.First(named => named.Value == activation).Key;
}
