using VideoCaptionRetrieval.Models.Checkpoints;
using VideoCaptionRetrieval.Models.Tokenization;

namespace VideoCaptionRetrieval.Models.Blip;

/// <summary>
/// Derives the configuration of the authors' checkpoints. The weights tell sizes only; med_config.json states the text side's heads, and the vision
/// side's follow from the published widths. A config.json beside them can override these, with Hugging Face's keys: vision_config.image_size,
/// vision_config.num_attention_heads, text_config.num_attention_heads.
/// </summary>
internal static class BlipOriginalConfig
{
    private const string MedConfiguration = "med_config.json";
    private const double VisionEpsilon = 1e-6, TextEpsilon = 1e-12;

    /// <summary>Attention heads of the published towers by width: ViT-B, ViT-L, BERT.</summary>
    private static readonly Dictionary<int, int> PublishedHeads = new() { [768] = 12, [1024] = 16 };

    /// <summary>Derives the configuration for the image size of the weights.</summary>
    /// <exception cref="ModelFileException">A tensor is missing, or nothing tells the number of heads.</exception>
    internal static BlipConfig Read(string folder, WeightsFile weights, WordPieceTokenizer tokenizer, BlipTask task)
    {
        var (own, med) = (Optional(folder, CheckpointFiles.Configuration), Optional(folder, MedConfiguration));
        var text = task == BlipTask.Retrieval ? "text_encoder." : "text_decoder.bert.";
        var config = new BlipConfig
        {
            Vision = Vision(weights, own?.Section("vision_config")),
            Text = TextSide(weights, text, own?.Section("text_config"), med, tokenizer),
        };
        return task == BlipTask.Captioning ? config : config with
        {
            ProjectionSize = Rows(weights, "vision_proj.weight"),
            LogScale = weights.Entries.ContainsKey(BlipWeightNames.Temperature)
                ? -Math.Log(weights.ReadFloats(BlipWeightNames.Temperature)[0])
                : config.LogScale,
        };
    }

    /// <summary>Reads the image size of a config.json; null = that of the weights.</summary>
    internal static int? ImageSize(string folder) =>
        Optional(folder, CheckpointFiles.Configuration)?.Section("vision_config") is { } vision && vision.Has("image_size")
            ? vision.Integer("image_size", missing: 0)
            : null;

    private static BlipVisionConfig Vision(WeightsFile weights, ConfigurationSection? own)
    {
        var patches = weights.Entry(BlipWeightNames.Original + "patch_embed.proj.weight").Shape;
        var positions = weights.Entry(BlipWeightNames.OriginalPositions).Shape;
        if (patches is not [var width, 3, var patch, _] || positions is not [1, var count, _])
        {
            throw new ModelFileException(weights.Path, $"patches are [{string.Join(", ", patches)}] and positions [{string.Join(", ", positions)}]; "
                + "expected [D, 3, patch, patch] and [1, 1 + patches, D].");
        }
        return new()
        {
            HiddenSize = (int)width,
            IntermediateSize = Rows(weights, BlipWeightNames.Original + "blocks.0.mlp.fc1.weight"),
            Layers = Layers(weights, BlipWeightNames.Original + "blocks."),
            Heads = Heads(weights, (int)width, "vision_config", own),
            PatchSize = (int)patch,
            ImageSize = (int)(Math.Sqrt(count - 1) * patch),
            LayerNormEpsilon = own?.Number("layer_norm_eps", VisionEpsilon) ?? VisionEpsilon,
        };
    }

    private static BlipTextConfig TextSide(
        WeightsFile weights, string text, ConfigurationSection? own, ConfigurationSection? med, WordPieceTokenizer tokenizer)
    {
        var width = (int)weights.Entry(text + "embeddings.word_embeddings.weight").Shape[^1];
        return new()
        {
            VocabularySize = Rows(weights, text + "embeddings.word_embeddings.weight"),
            HiddenSize = width,
            IntermediateSize = Rows(weights, text + "encoder.layer.0.intermediate.dense.weight"),
            Layers = Layers(weights, text + "encoder.layer."),
            Heads = Heads(weights, width, "text_config", own, med),
            Positions = Rows(weights, text + "embeddings.position_embeddings.weight"),
            LayerNormEpsilon = med?.Number("layer_norm_eps", TextEpsilon) ?? TextEpsilon,
            StartId = tokenizer.VocabularySize,         // [DEC], appended to the vocabulary
            EndId = tokenizer.EndId,
            PaddingId = tokenizer.PaddingId,
        };
    }

    private static int Heads(WeightsFile weights, int width, string section, params ConfigurationSection?[] files)
    {
        const string Key = "num_attention_heads";
        if (files.FirstOrDefault(file => file?.Has(Key) == true) is { } file)
        {
            var heads = file.Integer(Key, missing: 0);
            BlipConfig.RequireWholeHeads(file, width, heads);
            return heads;
        }
        return PublishedHeads.TryGetValue(width, out var published)
            ? published
            : throw new ModelFileException(weights.Path, $"nothing says how many attention heads a width of {width} has; write "
                + $"{CheckpointFiles.Configuration} beside the file, with '{section}': {{ '{Key}': … }}.");
    }

    private static int Layers(WeightsFile weights, string prefix) => weights.Entries.Keys
        .Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
        .Select(name => name[prefix.Length..].Split('.')[0]).Distinct().Count();

    private static int Rows(WeightsFile weights, string name) => weights.Entry(name).Shape is [var rows, ..]
        ? (int)rows
        : throw new ModelFileException(weights.Path, $"tensor '{name}' is a scalar; expected rows.");

    private static ConfigurationSection? Optional(string folder, string name)
    {
        var path = Path.Combine(folder, name);
        return File.Exists(path) ? ConfigurationSection.Read(path) : null;
    }
}
