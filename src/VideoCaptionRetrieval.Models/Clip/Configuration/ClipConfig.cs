using System.Text.Json;
using System.Text.Json.Nodes;
using VideoCaptionRetrieval.Models.Checkpoints;

namespace VideoCaptionRetrieval.Models.Clip.Configuration;

/// <summary>
/// config.json of a CLIP dual encoder in Hugging Face layout. Keys that a file leaves out take the class defaults of transformers.
/// Dropout keys are not read: no published model has any, and chunked training needs a network without chance.
/// </summary>
/// <param name="Text">The text tower.</param>
/// <param name="Vision">The image tower.</param>
/// <param name="ProjectionSize">Length D of an embedding.</param>
/// <param name="LogitScaleInit">ln of a fresh model's logit scale; 2.6592 = ln(1/0.07).</param>
/// <param name="InitializerFactor">Factor on every standard deviation of a fresh model.</param>
internal sealed record ClipConfig(
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

    /// <summary>config.json with every key written out.</summary>
    internal string ToJson() => new JsonObject
    {
        ["architectures"] = new JsonArray("CLIPModel"),
        ["model_type"] = ModelType,
        ["projection_dim"] = ProjectionSize,
        ["logit_scale_init_value"] = LogitScaleInit,
        ["initializer_factor"] = InitializerFactor,
        ["torch_dtype"] = "float32",
        ["text_config"] = Text.ToJson(),
        ["vision_config"] = Vision.ToJson(),
    }.ToJsonString(Indented) + "\n";

    /// <summary>Early files carry 'text_config_dict' as well; it and the class defaults override 'text_config' in transformers.</summary>
    private static ConfigurationSection Tower(ConfigurationSection root, string key) =>
        root.Section(root.Has($"{key}_dict") ? $"{key}_dict" : key);
}
