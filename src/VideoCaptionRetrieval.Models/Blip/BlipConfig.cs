using System.Text.Json.Nodes;
using VideoCaptionRetrieval.Models.Checkpoints;

namespace VideoCaptionRetrieval.Models.Blip;

/// <summary>config.json of a BLIP checkpoint in Hugging Face layout.</summary>
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

    /// <summary>Length D of an embedding (image_text_hidden_size); of retrieval alone.</summary>
    internal int ProjectionSize { get; init; } = 256;

    /// <summary>ln of the factor on cosines (logit_scale_init_value); of retrieval alone. The authors begin with the temperature 0.07.</summary>
    internal double LogScale { get; init; } = Math.Log(1 / 0.07);

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
            ProjectionSize = file.Integer("image_text_hidden_size", new BlipConfig().ProjectionSize),
            LogScale = file.Number("logit_scale_init_value", new BlipConfig().LogScale),
            MayTieWordEmbeddings = text.Flag("tie_word_embeddings", file.Flag("tie_word_embeddings", missing: true)),
        };
    }

    /// <summary>Refuses every value but the one that is implemented, which a missing key stands for.</summary>
    internal static void Demand(ConfigurationSection section, string key, string implemented)
    {
        if (section.Text(key, implemented) != implemented) throw section.Unexpected(key, $"'{implemented}'");
    }

    internal static void RequireWholeHeads(ConfigurationSection section, int hiddenSize, int heads)
    {
        if (hiddenSize % heads != 0) throw section.Unexpected("num_attention_heads", $"a divisor of hidden_size, '{hiddenSize}'");
    }

    /// <summary>
    /// Writes config.json with every key that <see cref="Read"/> looks at for a task, except tie_word_embeddings: the weights say it.
    /// </summary>
    internal void Write(string folder, BlipTask task) =>
        File.WriteAllText(Path.Combine(folder, CheckpointFiles.Configuration),
            ToJson(task).ToJsonString(new() { WriteIndented = true }) + "\n");

    private JsonObject ToJson(BlipTask task)
    {
        var retrieval = task == BlipTask.Retrieval;
        var json = new JsonObject
        {
            ["architectures"] = new JsonArray(retrieval ? "BlipForImageTextRetrieval" : "BlipForConditionalGeneration"),
            ["initializer_range"] = InitializerRange,
            ["model_type"] = ModelType,
            ["text_config"] = Text.ToJson(encoderHiddenSize: Vision.HiddenSize),
            ["vision_config"] = Vision.ToJson(),
        };
        if (!retrieval) return json;
        json["image_text_hidden_size"] = ProjectionSize;
        json["logit_scale_init_value"] = LogScale;
        return json;
    }
}
