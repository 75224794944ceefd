using System.Text.Json.Nodes;
using VideoCaptionRetrieval.Models.Checkpoints;

namespace VideoCaptionRetrieval.Models.Blip;

/// <summary>config.json of a BLIP captioning checkpoint in Hugging Face layout.</summary>
internal sealed record BlipConfig
{
    private const string ModelType = "blip";

    /// <summary>The exact GELU, the only activation of published BLIP checkpoints.</summary>
    internal const string Activation = "gelu";

    internal BlipVisionConfig Vision { get; init; } = new();
    internal BlipTextConfig Text { get; init; } = new();

    /// <summary>Standard deviation of freshly initialised weights.</summary>
    internal double InitializerRange { get; init; } = 0.02;

    /// <summary>Whether missing projection weights may be the word embeddings: transformers' default, unless the file says no.</summary>
    internal bool MayTieWordEmbeddings { get; init; } = true;

    /// <exception cref="ModelFileException">The file is missing or damaged, or holds a value that is not implemented.</exception>
    internal static BlipConfig Read(string folder)
    {
        var file = ConfigurationSection.Read(Path.Combine(folder, CheckpointFiles.Configuration));
        Demand(file, "model_type", ModelType);
        var text = file.Section("text_config");
        return new()
        {
            Vision = BlipVisionConfig.Read(file.Section("vision_config")),
            Text = BlipTextConfig.Read(text),
            InitializerRange = file.Number("initializer_range", new BlipConfig().InitializerRange),
            MayTieWordEmbeddings = text.Flag("tie_word_embeddings", file.Flag("tie_word_embeddings", missing: true)),
        };
    }

    /// <summary>Refuses every value but the one that is implemented, which a missing key stands for.</summary>
    internal static void Demand(ConfigurationSection section, string key, string implemented)
    {
        if (section.Text(key, implemented) != implemented) throw section.Unexpected(key, $"'{implemented}'");
    }

    internal static void DemandWholeHeads(ConfigurationSection section, int hiddenSize, int heads)
    {
        if (hiddenSize % heads != 0) throw section.Unexpected("num_attention_heads", $"a divisor of hidden_size, '{hiddenSize}'");
    }

    /// <summary>
    /// Writes config.json with every key that <see cref="Read"/> looks at, except tie_word_embeddings: the weights say it.
    /// </summary>
    internal void Write(string folder) =>
        File.WriteAllText(Path.Combine(folder, CheckpointFiles.Configuration),
            ToJson().ToJsonString(new() { WriteIndented = true }) + "\n");

    private JsonObject ToJson() => new()
    {
        ["architectures"] = new JsonArray("BlipForConditionalGeneration"),
        ["initializer_range"] = InitializerRange,
        ["model_type"] = ModelType,
        ["text_config"] = Text.ToJson(encoderHiddenSize: Vision.HiddenSize),
        ["vision_config"] = Vision.ToJson(),
    };
}
