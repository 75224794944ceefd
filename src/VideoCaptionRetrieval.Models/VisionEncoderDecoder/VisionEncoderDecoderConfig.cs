using VideoCaptionRetrieval.Models.Checkpoints;

namespace VideoCaptionRetrieval.Models.VisionEncoderDecoder;

/// <summary>Settings from config.json and generation_config.json of a captioner in Hugging Face's VisionEncoderDecoder layout.</summary>
/// <param name="StartId">The token that begins every text.</param>
/// <param name="EndId">The token that ends a text.</param>
/// <param name="Positions">The most tokens of a text: rows of the position embeddings.</param>
/// <param name="Generation">The published decoding settings.</param>
internal sealed record VisionEncoderDecoderConfig(int StartId, int EndId, int Positions, GenerationOptions Generation)
{
    private const string ModelType = "vision-encoder-decoder";

    /// <summary>Default maximum length of transformers.</summary>
    private const int DefaultMaxLength = 20;

    /// <summary>Whether a folder's config.json is that of a vision-encoder-decoder.</summary>
    internal static bool Matches(string folder)
    {
        var path = Path.Combine(folder, CheckpointFiles.Configuration);
        return File.Exists(path) && ConfigurationSection.Read(path).Text("model_type", "") == ModelType;
    }

    /// <exception cref="ModelFileException">A file is missing or damaged, or holds a value that is not implemented.</exception>
    internal static VisionEncoderDecoderConfig Read(string folder)
    {
        var file = ConfigurationSection.Read(Path.Combine(folder, CheckpointFiles.Configuration));
        if (file.Text("model_type", "") != ModelType) throw file.Unexpected("model_type", $"'{ModelType}'");
        var decoder = file.Section("decoder");
        if (decoder.Text("model_type", "") != "gpt2") throw decoder.Unexpected("model_type", "'gpt2'");
        var path = Path.Combine(folder, CheckpointFiles.Generation);
        // In the order of transformers: generation_config.json, then the model's own configuration.
        ConfigurationSection[] said = File.Exists(path) ? [ConfigurationSection.Read(path), file, decoder] : [file, decoder];
        return new(
            Id(said, "decoder_start_token_id") ?? Id(said, "bos_token_id") ?? throw file.Unexpected("decoder_start_token_id", "the id of a token"),
            Id(said, "eos_token_id") ?? throw file.Unexpected("eos_token_id", "the id of a token"),
            decoder.Integer("n_positions", missing: 1024), Options(said));
    }

    private static GenerationOptions Options(ConfigurationSection[] said) => new()
    {
        Beams = Integer(said, "num_beams", missing: 1, minimum: 1),
        MinLength = Integer(said, "min_length", missing: 0, minimum: 0),
        MaxLength = Integer(said, "max_length", DefaultMaxLength, minimum: 2),
        NoRepeatNgramSize = Integer(said, "no_repeat_ngram_size", missing: 0, minimum: 0),
        RepetitionPenalty = (float)(Saying(said, "repetition_penalty")?.Number("repetition_penalty", missing: 1) ?? 1),
        LengthPenalty = Saying(said, "length_penalty")?.Number("length_penalty", missing: 1) ?? 1,
        EarlyStopping = Saying(said, "early_stopping")?.Flag("early_stopping", missing: false) ?? false,
    };

    private static int? Id(ConfigurationSection[] said, string key) => Saying(said, key)?.Integer(key, missing: 0, minimum: 0);

    private static int Integer(ConfigurationSection[] said, string key, int missing, int minimum) =>
        Saying(said, key)?.Integer(key, missing, minimum) ?? missing;

    private static ConfigurationSection? Saying(ConfigurationSection[] said, string key) => Array.Find(said, section => section.Has(key));
}
