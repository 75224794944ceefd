using VideoCaptionRetrieval.Models.Checkpoints;

namespace VideoCaptionRetrieval.Models.Gpt2;

/// <summary>Sizes from config.json of a GPT-2 in Hugging Face layout. The defaults are those of transformers 4.46's GPT2Config.</summary>
public sealed record Gpt2Config
{
    /// <summary>Rows of the token table.</summary>
    public int VocabularySize { get; init; } = 50257;

    /// <summary>Width D of a hidden state.</summary>
    public int HiddenSize { get; init; } = 768;

    /// <summary>Transformer layers.</summary>
    public int Layers { get; init; } = 12;

    /// <summary>Attention heads of a layer.</summary>
    public int Heads { get; init; } = 12;

    /// <summary>The most tokens of a text, a prefix included: rows of the position embeddings.</summary>
    public int Positions { get; init; } = 1024;

    /// <summary>Width between the two linear layers of an MLP.</summary>
    public int IntermediateSize { get; init; } = 4 * 768;

    /// <summary>ε of the layer norms.</summary>
    public double LayerNormEpsilon { get; init; } = 1e-5;

    /// <exception cref="ModelFileException">The file is missing or damaged, or holds a value that is not implemented.</exception>
    public static Gpt2Config Read(string folder)
    {
        var defaults = new Gpt2Config();
        var file = ConfigurationSection.Read(Path.Combine(folder, CheckpointFiles.Configuration));
        file.RequireText("model_type", "gpt2");
        file.RequireText("activation_function", "gelu_new");
        if (!file.Flag("scale_attn_weights", missing: true)) throw file.Unexpected("scale_attn_weights", "true");
        if (file.Flag("scale_attn_by_inverse_layer_idx", missing: false)) throw file.Unexpected("scale_attn_by_inverse_layer_idx", "false");
        var hidden = file.Integer("n_embd", defaults.HiddenSize);
        var heads = file.Integer("n_head", defaults.Heads);
        if (hidden % heads != 0) throw file.Unexpected("n_head", $"a divisor of n_embd, '{hidden}'");
        return new()
        {
            VocabularySize = file.Integer("vocab_size", defaults.VocabularySize),
            HiddenSize = hidden,
            Layers = file.Integer("n_layer", defaults.Layers),
            Heads = heads,
            Positions = file.Integer("n_positions", defaults.Positions),
            IntermediateSize = file.Integer("n_inner", 4 * hidden),
            LayerNormEpsilon = file.Number("layer_norm_epsilon", defaults.LayerNormEpsilon),
        };
    }
}
