using System.Text.RegularExpressions;
using VideoCaptionRetrieval.Models.Checkpoints;

namespace VideoCaptionRetrieval.Models.Blip;

/// <summary>Names the tensors of the authors' checkpoints as Hugging Face does; no value is touched. Names of the text side are the same.</summary>
internal static partial class BlipWeightNames
{
    internal const string Positions = "vision_model.embeddings.position_embedding";
    internal const string OriginalPositions = Original + "pos_embed";

    /// <summary>Begins the names of the authors' vision tower.</summary>
    internal const string Original = "visual_encoder.";

    private static readonly Dictionary<string, string> Single = new(StringComparer.Ordinal)
    {
        ["cls_token"] = "embeddings.class_embedding",
        ["pos_embed"] = "embeddings.position_embedding",
        ["patch_embed.proj.weight"] = "embeddings.patch_embedding.weight",
        ["patch_embed.proj.bias"] = "embeddings.patch_embedding.bias",
        ["norm.weight"] = "post_layernorm.weight",
        ["norm.bias"] = "post_layernorm.bias",
    };

    private static readonly Dictionary<string, string> Layer = new(StringComparer.Ordinal)
    {
        ["attn.qkv"] = "self_attn.qkv",
        ["attn.proj"] = "self_attn.projection",
        ["norm1"] = "layer_norm1",
        ["norm2"] = "layer_norm2",
        ["mlp.fc1"] = "mlp.fc1",
        ["mlp.fc2"] = "mlp.fc2",
    };

    /// <summary>The tensors under Hugging Face's names. Unknown ones keep their names, so that loading refuses them.</summary>
    internal static Dictionary<string, TensorEntry> Canonical(WeightsFile file) =>
        file.Entries.ToDictionary(entry => Rename(entry.Key), entry => entry.Value, StringComparer.Ordinal);

    private static string Rename(string name)
    {
        if (!name.StartsWith(Original, StringComparison.Ordinal)) return name;
        if (Single.TryGetValue(name[Original.Length..], out var single)) return $"vision_model.{single}";
        return LayerName().Match(name) is { Success: true } match && Layer.TryGetValue(match.Groups["part"].Value, out var part)
            ? $"vision_model.encoder.layers.{match.Groups["number"].Value}.{part}.{match.Groups["kind"].Value}"
            : name;
    }

    [GeneratedRegex(@"^visual_encoder\.blocks\.(?<number>\d{1,6})\.(?<part>.+)\.(?<kind>weight|bias)$", RegexOptions.ExplicitCapture)]
    private static partial Regex LayerName();
}
