using System.Text.RegularExpressions;
using VideoCaptionRetrieval.Models.Checkpoints;

namespace VideoCaptionRetrieval.Models.Clip;

/// <summary>
/// Maps the tensors of any format to Hugging Face's names and shapes, without changing values. OpenAI and open_clip use other names, hold the three
/// projections of an attention in one tensor, and store the output projections transposed.
/// </summary>
internal static partial class ClipWeightNames
{
    internal const string LogitScale = "logit_scale";
    internal const string VisionPositions = "vision_model.embeddings.position_embedding.weight";

    private const string CustomText = "text.";                  // prefix in open_clip's models with a separate text tower

    /// <summary>Buffers of OpenAI's archives, which repeat sizes, and a mask that follows from them.</summary>
    private static readonly string[] NoWeights = ["input_resolution", "context_length", "vocab_size", "attn_mask"];

    private static readonly Dictionary<string, string> Single = new(StringComparer.Ordinal)
    {
        [LogitScale] = LogitScale,
        ["visual.class_embedding"] = "vision_model.embeddings.class_embedding",
        ["visual.positional_embedding"] = VisionPositions,
        ["visual.conv1.weight"] = "vision_model.embeddings.patch_embedding.weight",
        ["visual.ln_pre.weight"] = "vision_model.pre_layrnorm.weight",
        ["visual.ln_pre.bias"] = "vision_model.pre_layrnorm.bias",
        ["visual.ln_post.weight"] = "vision_model.post_layernorm.weight",
        ["visual.ln_post.bias"] = "vision_model.post_layernorm.bias",
        ["token_embedding.weight"] = "text_model.embeddings.token_embedding.weight",
        ["positional_embedding"] = "text_model.embeddings.position_embedding.weight",
        ["ln_final.weight"] = "text_model.final_layer_norm.weight",
        ["ln_final.bias"] = "text_model.final_layer_norm.bias",
        ["text_projection.weight"] = "text_projection.weight",      // a linear layer in newer towers of open_clip
    };

    private static readonly Dictionary<string, string> Transposed = new(StringComparer.Ordinal)
    {
        ["visual.proj"] = "visual_projection.weight",
        ["text_projection"] = "text_projection.weight",
    };

    private static readonly Dictionary<string, string> Layer = new(StringComparer.Ordinal)
    {
        ["ln_1"] = "layer_norm1",
        ["ln_2"] = "layer_norm2",
        ["attn.out_proj"] = "self_attn.out_proj",
        ["mlp.c_fc"] = "mlp.fc1",
        ["mlp.c_proj"] = "mlp.fc2",
    };

    internal static bool IsHuggingFace(string name) =>
        name.StartsWith("text_model.", StringComparison.Ordinal) || name.StartsWith("vision_model.", StringComparison.Ordinal);

    internal static bool IsOpenAI(string name) => name.StartsWith("visual.", StringComparison.Ordinal);

    /// <summary>
    /// Returns the tensors under Hugging Face's names. Unknown ones keep their names, so that loading refuses them. Some programs store the scale, one
    /// number, as a list of one.
    /// </summary>
    /// <exception cref="ModelFileException">A tensor has another shape than the format requires, or two have the same name.</exception>
    internal static Dictionary<string, TensorEntry> Canonical(WeightsFile file, ClipFormat format)
    {
        var entries = new Dictionary<string, TensorEntry>(StringComparer.Ordinal);
        foreach (var (original, entry) in file.Entries)
        {
            if (original.EndsWith(TensorCheck.PositionBuffers, StringComparison.Ordinal)) continue;
            var named = format == ClipFormat.HuggingFace ? [(original, entry)] : Rename(file.Path, original, entry);
            foreach (var (name, part) in named)
                if (!entries.TryAdd(name, name == LogitScale && part.Count == 1 ? part with { Shape = [], Strides = null } : part))
                    throw new ModelFileException(file.Path, $"tensor '{original}' is there twice, as '{name}'.");
        }
        return entries;
    }

    private static IEnumerable<(string Name, TensorEntry Entry)> Rename(string path, string original, TensorEntry entry)
    {
        var name = original.StartsWith(CustomText, StringComparison.Ordinal) ? original[CustomText.Length..] : original;
        if (NoWeights.Contains(name)) return [];
        if (Single.TryGetValue(name, out var single)) return [(single, entry)];
        if (Transposed.TryGetValue(name, out var transposed)) return [(transposed, EntryViews.Transpose(path, original, entry))];
        if (LayerName().Match(name) is not { Success: true } match) return [(original, entry)];
        var layer = $"{(match.Groups["visual"].Length > 0 ? "vision_model" : "text_model")}.encoder.layers.{match.Groups["number"].Value}.";
        var (part, kind) = (match.Groups["part"].Value, match.Groups["kind"].Value);
        if (part == "attn.in_proj") return EntryViews.SplitQkv(path, original, entry)
            .Zip("qkv", (third, letter) => ($"{layer}self_attn.{letter}_proj.{kind.TrimStart('_', '.')}", third));
        return Layer.TryGetValue(part, out var known) ? [(layer + known + kind, entry)] : [(original, entry)];
    }

    [GeneratedRegex(
        @"^(?<visual>visual\.)?transformer\.resblocks\.(?<number>\d{1,6})\.(?<part>.+?)(?<kind>[._](weight|bias))$",
        RegexOptions.ExplicitCapture)]
    private static partial Regex LayerName();
}

/// <summary>Creates views of a tensor's data without reading it.</summary>
internal static class EntryViews
{
    private const int Parts = 3;

    /// <summary>Transposes a matrix.</summary>
    internal static TensorEntry Transpose(string path, string name, TensorEntry entry)
    {
        if (entry.Shape is not [var rows, var columns]) throw Unexpected(path, name, entry, "a matrix");
        var strides = entry.Strides ?? [columns, 1];
        return entry with { Shape = [columns, rows], Strides = [strides[1], strides[0]] };
    }

    /// <summary>Splits the stacked query, key and value projections.</summary>
    internal static IEnumerable<TensorEntry> SplitQkv(string path, string name, TensorEntry entry)
    {
        if (entry.Shape is not [var rows, ..] || rows % Parts != 0)
            throw Unexpected(path, name, entry, "three projections of one size, one below the other");
        var stride = entry.Strides?[0] ?? entry.Shape.Skip(1).Aggregate(1L, (product, size) => product * size);
        var part = rows / Parts;
        return Enumerable.Range(0, Parts)
            .Select(i => entry with { Shape = [part, .. entry.Shape[1..]], Offset = entry.Offset + (i * part * stride * entry.ElementSize) });
    }

    private static ModelFileException Unexpected(string path, string name, TensorEntry entry, string expected) =>
        new(path, $"tensor '{name}' has shape [{string.Join(", ", entry.Shape)}]; expected {expected}.");
}
