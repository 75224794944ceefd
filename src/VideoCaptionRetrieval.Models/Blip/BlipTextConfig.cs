using System.Text.Json.Nodes;
using VideoCaptionRetrieval.Models.Checkpoints;

namespace VideoCaptionRetrieval.Models.Blip;

/// <summary>
/// Sizes and token ids of BLIP's text side. The defaults are the class defaults of transformers 4.46: 8 heads, so that the 12 of the
/// published files matters.
/// </summary>
internal sealed record BlipTextConfig
{
    internal int VocabularySize { get; init; } = 30524;
    internal int HiddenSize { get; init; } = 768;
    internal int IntermediateSize { get; init; } = 3072;
    internal int Layers { get; init; } = 12;
    internal int Heads { get; init; } = 8;

    /// <summary>The longest text that has position embeddings.</summary>
    internal int Positions { get; init; } = 512;

    internal double LayerNormEpsilon { get; init; } = 1e-12;

    /// <summary>bos_token_id: [DEC], the first token of every caption.</summary>
    internal int StartId { get; init; } = 30522;

    /// <summary>[ENC], the first token of a text that is read with images: the authors add it behind [DEC].</summary>
    internal int EncodeId => StartId + 1;

    /// <summary>Rows of the word embeddings: the tokens of vocab.txt, [DEC], and for retrieval [ENC], which published files do not list.</summary>
    internal static int VocabularyOf(int tokens, BlipTask task) => tokens + (task == BlipTask.Retrieval ? 2 : 1);

    /// <summary>sep_token_id: [SEP] ends a caption; eos_token_id is unused.</summary>
    internal int EndId { get; init; } = 102;

    /// <summary>pad_token_id: [PAD].</summary>
    internal int PaddingId { get; init; }

    /// <remarks>encoder_hidden_size is not read: transformers sets it to the vision tower's hidden_size, whatever the file says.</remarks>
    /// <exception cref="ModelFileException">A value is out of range or not implemented.</exception>
    internal static BlipTextConfig Read(ConfigurationSection section)
    {
        var defaults = new BlipTextConfig();
        BlipConfig.Demand(section, "hidden_act", BlipConfig.Activation);
        BlipConfig.Demand(section, "position_embedding_type", "absolute");
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
        ["layer_norm_eps"] = LayerNormEpsilon,
        ["max_position_embeddings"] = Positions,
        ["model_type"] = "blip_text_model",
        ["num_attention_heads"] = Heads,
        ["num_hidden_layers"] = Layers,
        ["pad_token_id"] = PaddingId,
        ["sep_token_id"] = EndId,
        ["vocab_size"] = VocabularySize,
    };
}
