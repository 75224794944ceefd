using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace VideoCaptionRetrieval.Models.Tokenization;

/// <summary>
/// Writes tokenizer.json as transformers does for CLIP and BERT: transformers.js reads no other vocabulary. Merges are "left right", which every
/// version of the tokenizers library reads.
/// </summary>
internal static class TokenizerJsonWriter
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes a CLIP tokenizer.</summary>
    internal static byte[] Clip(BytePairs pairs)
    {
        const string Start = ClipVocabulary.StartToken, End = ClipVocabulary.EndToken;
        const string Pieces = @"<\|startoftext\|>|<\|endoftext\|>|'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+";
        return Bytes(new()
        {
            ["version"] = "1.0",
            ["truncation"] = null,
            ["padding"] = null,
            ["added_tokens"] = new JsonArray(Special(Start, pairs.Ids[Start], normalized: true), Special(End, pairs.Ids[End])),
            ["normalizer"] = Sequence("normalizers", Typed("NFC"), Typed("Replace", ("pattern", Regex(@"\s+")), ("content", " ")), Typed("Lowercase")),
            ["pre_tokenizer"] = Sequence("pretokenizers",
                Typed("Split", ("pattern", Regex(Pieces)), ("behavior", "Removed"), ("invert", true)), ByteLevel(addPrefixSpace: false)),
            ["post_processor"] = Typed("RobertaProcessing", ("sep", new JsonArray(End, pairs.Ids[End])), ("cls", new JsonArray(Start, pairs.Ids[Start])),
                ("trim_offsets", false), ("add_prefix_space", false)),
            ["decoder"] = ByteLevel(addPrefixSpace: true),
            ["model"] = Typed("BPE", ("dropout", null), ("unk_token", End), ("continuing_subword_prefix", ""),
                ("end_of_word_suffix", ClipVocabulary.EndOfWord), ("fuse_unk", false), ("byte_fallback", false), ("ignore_merges", false),
                ("vocab", Vocabulary(pairs.Ids.OrderBy(token => token.Value))), ("merges", new JsonArray([.. pairs.Merges.Select(merge => (JsonNode?)merge)]))),
        });
    }

    /// <summary>Writes tokenizer_config.json of a CLIP tokenizer.</summary>
    /// <param name="contextLength">The most tokens of a text.</param>
    internal static byte[] ClipConfig(int contextLength) => Bytes(new()
    {
        ["add_prefix_space"] = false,
        ["bos_token"] = ClipVocabulary.StartToken,
        ["do_lower_case"] = true,
        ["eos_token"] = ClipVocabulary.EndToken,
        ["errors"] = "replace",
        ["model_max_length"] = contextLength,
        ["pad_token"] = ClipVocabulary.EndToken,
        ["tokenizer_class"] = "CLIPTokenizer",
        ["unk_token"] = ClipVocabulary.EndToken,
    });

    /// <summary>Writes a BERT tokenizer.</summary>
    /// <param name="tokens">The tokens in the order of their ids.</param>
    /// <param name="config">How texts are normalised, and the special tokens.</param>
    internal static byte[] WordPieces(IReadOnlyList<string> tokens, WordPieceConfig config)
    {
        var ids = tokens.Index().GroupBy(token => token.Item, token => token.Index, StringComparer.Ordinal)
            .ToDictionary(same => same.Key, same => same.Last(), StringComparer.Ordinal);
        JsonObject Id(string kind, string id, int type) => new() { [kind] = new JsonObject { ["id"] = id, ["type_id"] = type } };
        JsonObject Known(string token) => new() { ["id"] = token, ["ids"] = new JsonArray(ids[token]), ["tokens"] = new JsonArray(token) };
        JsonNode[] Single() => [Id("SpecialToken", config.Start, 0), Id("Sequence", "A", 0), Id("SpecialToken", config.End, 0)];
        return Bytes(new()
        {
            ["version"] = "1.0",
            ["truncation"] = null,
            ["padding"] = null,
            ["added_tokens"] = new JsonArray([.. config.SpecialTokens.Where(ids.ContainsKey).OrderBy(token => ids[token]).Select(token => Special(token, ids[token]))]),
            ["normalizer"] = Typed("BertNormalizer", ("clean_text", true), ("handle_chinese_chars", config.SplitCjk),
                ("strip_accents", config.StripAccents == config.LowerCase ? null : config.StripAccents), ("lowercase", config.LowerCase)),
            ["pre_tokenizer"] = Typed("BertPreTokenizer"),
            ["post_processor"] = Typed("TemplateProcessing", ("single", new JsonArray(Single())),
                ("pair", new JsonArray([.. Single(), Id("Sequence", "B", 1), Id("SpecialToken", config.End, 1)])),
                ("special_tokens", new JsonObject { [config.Start] = Known(config.Start), [config.End] = Known(config.End) })),
            ["decoder"] = Typed("WordPiece", ("prefix", WordPieceTokenizer.Continuation), ("cleanup", config.CleanUpSpaces)),
            ["model"] = Typed("WordPiece", ("unk_token", config.Unknown), ("continuing_subword_prefix", WordPieceTokenizer.Continuation),
                ("max_input_chars_per_word", WordPieceTokenizer.MaxWordLength), ("vocab", Vocabulary(ids.OrderBy(token => token.Value)))),
        });
    }

    private static JsonObject Special(string content, int id, bool normalized = false) => new()
    {
        ["id"] = id,
        ["content"] = content,
        ["single_word"] = false,
        ["lstrip"] = false,
        ["rstrip"] = false,
        ["normalized"] = normalized,
        ["special"] = true,
    };

    private static JsonObject Vocabulary(IEnumerable<KeyValuePair<string, int>> ids) =>
        new(ids.Select(token => KeyValuePair.Create(token.Key, (JsonNode?)token.Value)));

    private static JsonObject Sequence(string key, params JsonNode[] parts) => Typed("Sequence", (key, new JsonArray(parts)));

    private static JsonObject ByteLevel(bool addPrefixSpace) =>
        Typed("ByteLevel", ("add_prefix_space", addPrefixSpace), ("trim_offsets", true), ("use_regex", true));

    private static JsonObject Regex(string pattern) => new() { ["Regex"] = pattern };

    private static JsonObject Typed(string type, params (string Key, JsonNode? Value)[] members) =>
        new([KeyValuePair.Create("type", (JsonNode?)type), .. members.Select(member => KeyValuePair.Create(member.Key, member.Value))]);

    private static byte[] Bytes(JsonObject json) => JsonSerializer.SerializeToUtf8Bytes(json, Readable);
}
