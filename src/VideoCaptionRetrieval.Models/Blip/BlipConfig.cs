using System.Text.Json.Nodes;
using VideoCaptionRetrieval.Models.Checkpoints;

namespace VideoCaptionRetrieval.Models.Blip;

/// <summary>Configuration of a BLIP checkpoint, from config.json in Hugging Face layout.</summary>
public sealed record BlipConfig
{
    private const string ModelType = "blip";

    /// <summary>The exact GELU, the only activation of published BLIP checkpoints.</summary>
    internal const string Activation = "gelu";

    /// <summary>The image tower.</summary>
    public BlipVisionConfig Vision { get; init; } = new();

    /// <summary>The text side.</summary>
    public BlipTextConfig Text { get; init; } = new();

    /// <summary>Standard deviation of freshly initialised weights.</summary>
    public double InitializerRange { get; init; } = 0.02;

    /// <summary>Whether a missing output projection is tied to the word embeddings: transformers' default, unless the file says no.</summary>
    public bool MayTieWordEmbeddings { get; init; } = true;

    /// <summary>Length D of an embedding (image_text_hidden_size); only for retrieval.</summary>
    public int ProjectionSize { get; init; } = 256;

    /// <summary>ln of the factor on cosines (logit_scale_init_value); only for retrieval. The authors start from the temperature 0.07.</summary>
    public double LogScale { get; init; } = Math.Log(1 / 0.07);

    /// <exception cref="ModelFileException">The file is missing or damaged, or holds a value that is not implemented.</exception>
    public static BlipConfig Read(string folder)
    {
        var file = ConfigurationSection.Read(Path.Combine(folder, CheckpointFiles.Configuration));
        file.RequireText("model_type", ModelType);
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

    internal static void RequireWholeHeads(ConfigurationSection section, int hiddenSize, int heads)
    {
        if (hiddenSize % heads != 0) throw section.Unexpected("num_attention_heads", $"a divisor of hidden_size, '{hiddenSize}'");
    }

    /// <summary>
    /// Writes config.json with every key that <see cref="Read"/> reads for a task, except tie_word_embeddings, which the weights tell.
    /// </summary>
    public void Write(string folder, BlipTask task) =>
        File.WriteAllText(Path.Combine(folder, CheckpointFiles.Configuration),
            ToJson(task).ToJsonString(new() { WriteIndented = true }) + "\n");

    private JsonObject ToJson(BlipTask task)
    {
        var retrieval = task == BlipTask.Retrieval;
        var json = new JsonObject
        {
            ["architectures"] = new JsonArray(retrieval ? "BlipForImageTextRetrieval" : "BlipForConditionalGeneration"),
            ["initializer_range"] = JsonFile.Float(InitializerRange),
            ["model_type"] = ModelType,
            ["text_config"] = Text.ToJson(encoderHiddenSize: Vision.HiddenSize),
            ["vision_config"] = Vision.ToJson(),
        };
        if (!retrieval) return json;
        json["image_text_hidden_size"] = ProjectionSize;
        json["logit_scale_init_value"] = JsonFile.Float(LogScale);
        return json;
    }
}

/// <summary>
/// Sizes of BLIP's vision tower. The defaults are the class defaults of transformers 4.46, which published files omit.
/// </summary>
public sealed record BlipVisionConfig
{
    /// <summary>Width Dv of a hidden state.</summary>
    public int HiddenSize { get; init; } = 768;

    /// <summary>Width between the two linear layers of an MLP.</summary>
    public int IntermediateSize { get; init; } = 3072;

    /// <summary>Transformer layers.</summary>
    public int Layers { get; init; } = 12;

    /// <summary>Attention heads of a layer.</summary>
    public int Heads { get; init; } = 12;

    /// <summary>Width and height of an image in pixels.</summary>
    public int ImageSize { get; init; } = 384;

    /// <summary>Width and height of a patch in pixels.</summary>
    public int PatchSize { get; init; } = 16;

    /// <summary>1e-5 in Hugging Face's files; the original code has 1e-6.</summary>
    public double LayerNormEpsilon { get; init; } = 1e-5;

    /// <summary>Number of patches along a side.</summary>
    internal int Grid => ImageSize / PatchSize;

    /// <summary>Number of tokens of an image: patches and class token.</summary>
    public int Positions => (Grid * Grid) + 1;

    /// <exception cref="ModelFileException">A value is out of range or not implemented.</exception>
    internal static BlipVisionConfig Read(ConfigurationSection section)
    {
        var defaults = new BlipVisionConfig();
        section.RequireText("hidden_act", BlipConfig.Activation);
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
        ["layer_norm_eps"] = JsonFile.Float(LayerNormEpsilon),
        ["model_type"] = "blip_vision_model",
        ["num_attention_heads"] = Heads,
        ["num_hidden_layers"] = Layers,
        ["patch_size"] = PatchSize,
    };
}

/// <summary>
/// Sizes and token ids of BLIP's text side. The defaults are the class defaults of transformers 4.46, such as 8 heads; the published files state 12.
/// </summary>
public sealed record BlipTextConfig
{
    /// <summary>Rows of the token table.</summary>
    public int VocabularySize { get; init; } = 30524;

    /// <summary>Width D of a hidden state.</summary>
    public int HiddenSize { get; init; } = 768;

    /// <summary>Width between the two linear layers of an MLP.</summary>
    public int IntermediateSize { get; init; } = 3072;

    /// <summary>Transformer layers.</summary>
    public int Layers { get; init; } = 12;

    /// <summary>Attention heads of a layer.</summary>
    public int Heads { get; init; } = 8;

    /// <summary>The most tokens of a text: rows of the position embeddings.</summary>
    public int Positions { get; init; } = 512;

    /// <summary>ε of the layer norms.</summary>
    public double LayerNormEpsilon { get; init; } = 1e-12;

    /// <summary>bos_token_id: [DEC], the first token of every caption.</summary>
    public int StartId { get; init; } = 30522;

    /// <summary>[ENC], the first token of a text that is matched with images: the authors add it behind [DEC].</summary>
    public int EncodeId => StartId + 1;

    /// <summary>Counts the rows of the word embeddings: the tokens of vocab.txt, [DEC], and for retrieval [ENC]; vocab.txt omits both.</summary>
    public static int VocabularyOf(int tokens, BlipTask task) => tokens + (task == BlipTask.Retrieval ? 2 : 1);

    /// <summary>sep_token_id: [SEP], which ends a caption; eos_token_id is unused.</summary>
    public int EndId { get; init; } = 102;

    /// <summary>pad_token_id: [PAD].</summary>
    public int PaddingId { get; init; }

    /// <remarks>encoder_hidden_size is not read: transformers sets it to the vision tower's hidden_size, whatever the file says.</remarks>
    /// <exception cref="ModelFileException">A value is out of range or not implemented.</exception>
    internal static BlipTextConfig Read(ConfigurationSection section)
    {
        var defaults = new BlipTextConfig();
        section.RequireText("hidden_act", BlipConfig.Activation);
        section.RequireText("position_embedding_type", "absolute");
        var config = new BlipTextConfig
        {
            VocabularySize = section.Integer("vocab_size", defaults.VocabularySize),
            HiddenSize = section.Integer("hidden_size", defaults.HiddenSize),
            IntermediateSize = section.Integer("intermediate_size", defaults.IntermediateSize),
            Layers = section.Integer("num_hidden_layers", defaults.Layers),
            Heads = section.Integer("num_attention_heads", defaults.Heads),
            Positions = section.Integer("max_position_embeddings", defaults.Positions),
            LayerNormEpsilon = section.Number("layer_norm_eps", defaults.LayerNormEpsilon),
            StartId = section.Integer("bos_token_id", defaults.StartId, minimum: 0),
            EndId = section.Integer("sep_token_id", defaults.EndId, minimum: 0),
            PaddingId = section.Integer("pad_token_id", defaults.PaddingId, minimum: 0),
        };
        BlipConfig.RequireWholeHeads(section, config.HiddenSize, config.Heads);
        (string, int)[] ids = [("bos_token_id", config.StartId), ("sep_token_id", config.EndId), ("pad_token_id", config.PaddingId)];
        foreach (var (key, id) in ids)
            if (id >= config.VocabularySize) throw section.Unexpected(key, $"an id below vocab_size, '{config.VocabularySize}'");
        return config;
    }

    internal JsonObject ToJson(int encoderHiddenSize) => new()
    {
        ["bos_token_id"] = StartId,
        ["encoder_hidden_size"] = encoderHiddenSize,
        ["hidden_act"] = BlipConfig.Activation,
        ["hidden_size"] = HiddenSize,
        ["intermediate_size"] = IntermediateSize,
        ["layer_norm_eps"] = JsonFile.Float(LayerNormEpsilon),
        ["max_position_embeddings"] = Positions,
        ["model_type"] = "blip_text_model",
        ["num_attention_heads"] = Heads,
        ["num_hidden_layers"] = Layers,
        ["pad_token_id"] = PaddingId,
        ["sep_token_id"] = EndId,
        ["vocab_size"] = VocabularySize,
    };
}
