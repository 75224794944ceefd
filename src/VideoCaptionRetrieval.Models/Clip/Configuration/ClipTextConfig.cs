using System.Text.Json.Nodes;
using VideoCaptionRetrieval.Models.Checkpoints;

namespace VideoCaptionRetrieval.Models.Clip.Configuration;

/// <summary>The text tower.</summary>
/// <param name="Tower">The transformer.</param>
/// <param name="VocabularySize">Rows of the token table.</param>
/// <param name="ContextLength">Positions, start and end of text included.</param>
/// <param name="EndOfTextId">
/// The id at whose first position the tower is read. <see cref="LegacyEndOfTextId"/> is the published models' error and means the
/// position of the largest id.
/// </param>
/// <param name="StartOfTextId">Kept for writing; the tokenizer has its own.</param>
/// <param name="PaddingId">Kept for writing; attention is causal, so padding does not matter.</param>
internal sealed record ClipTextConfig(
    ClipTowerConfig Tower, int VocabularySize, int ContextLength = 77,
    int EndOfTextId = ClipTextConfig.LegacyEndOfTextId, int StartOfTextId = 0, int PaddingId = 1)
{
    internal const int LegacyEndOfTextId = 2;

    /// <summary>The defaults of transformers' CLIPTextConfig, which the first published files rely on.</summary>
    internal static readonly ClipTextConfig Default = new(new(512, 2048, 12, 8), 49408);

    internal static ClipTextConfig Read(ConfigurationSection section) => new(
        ClipTowerConfig.Read(section, Default.Tower),
        section.Integer("vocab_size", Default.VocabularySize),
        section.Integer("max_position_embeddings", Default.ContextLength, minimum: 2),
        section.Integer("eos_token_id", Default.EndOfTextId, minimum: 0),
        section.Integer("bos_token_id", Default.StartOfTextId, minimum: 0),
        section.Integer("pad_token_id", Default.PaddingId, minimum: 0));

    internal JsonObject ToJson()
    {
        var json = Tower.ToJson();
        json["model_type"] = "clip_text_model";
        json["vocab_size"] = VocabularySize;
        json["max_position_embeddings"] = ContextLength;
        json["eos_token_id"] = EndOfTextId;
        json["bos_token_id"] = StartOfTextId;
        json["pad_token_id"] = PaddingId;
        return json;
    }
}
