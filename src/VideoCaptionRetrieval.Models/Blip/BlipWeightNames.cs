using System.Text.RegularExpressions;
using VideoCaptionRetrieval.Models.Checkpoints;

namespace VideoCaptionRetrieval.Models.Blip;

/// <summary>Maps the authors' tensor names to Hugging Face's, without changing values. Names of the text side are the same.</summary>
public static partial class BlipWeightNames
{
    internal const string Positions = "vision_model.embeddings.position_embedding";
    internal const string OriginalPositions = Original + "pos_embed";

    /// <summary>ln of the factor on cosines: a parameter of the network that no published file holds under this name.</summary>
    public const string LogScale = "logit_scale";

    /// <summary>The authors' temperature, the inverse of that factor.</summary>
    internal const string Temperature = "temp";

    private const string MatchingHead = "itm_head.weight";
    private const string Decoder = "text_decoder.";

    /// <summary>Prefix of the authors' vision tower.</summary>
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

    /// <summary>Prefixes of the momentum encoders, which only pretraining uses.</summary>
    private static readonly string[] Momentum = ["visual_encoder_m.", "text_encoder_m.", "vision_proj_m.", "text_proj_m."];

    private static readonly string[] Queues = ["image_queue", "text_queue", "idx_queue", "ptr_queue"];

    /// <summary>Whether tensors belong to a network for a task, in either layout.</summary>
    internal static bool Serve(IEnumerable<string> names, BlipTask task) => task == BlipTask.Retrieval
        ? names.Contains(MatchingHead)
        : names.Any(name => name.StartsWith(Decoder, StringComparison.Ordinal));

    /// <summary>
    /// Returns the tensors under Hugging Face's names. Unknown ones keep their names, so that loading refuses them; those that only the authors'
    /// pretraining uses are left out for retrieval.
    /// </summary>
    internal static Dictionary<string, TensorEntry> Canonical(WeightsFile file, BlipTask task) => file.Entries
        .Where(entry => task != BlipTask.Retrieval || !IsOfPretraining(entry.Key))
        .ToDictionary(entry => Rename(entry.Key), entry => entry.Value, StringComparer.Ordinal);

    private static bool IsOfPretraining(string name) => name == Temperature || Queues.Contains(name)
        || Momentum.Append(Decoder).Any(part => name.StartsWith(part, StringComparison.Ordinal));

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
