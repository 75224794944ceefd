using System.Text.Json;
using VideoCaptionRetrieval.Models.Checkpoints;

namespace VideoCaptionRetrieval.Models.Tokenization;

/// <summary>
/// tokenizer.json of Hugging Face's tokenizers library, which says all that vocabulary files say: 'model' with 'vocab' (token → id) and, for
/// byte pairs, 'merges'; 'added_tokens' beside it; how texts are normalised. What else it says is the same for every tokenizer of a kind.
/// </summary>
internal sealed class TokenizerJson
{
    internal const string FileName = "tokenizer.json";

    private readonly string _path;
    private readonly JsonElement _root;

    private TokenizerJson(string path, JsonElement root) => (_path, _root) = (path, root);

    /// <summary>Reads vocabulary and merges of a byte-pair tokenizer. Merges are "left right", since version 0.20 of the library ["left", "right"].</summary>
    /// <param name="path">The file.</param>
    /// <param name="kind">Kind of tokenizer for messages, such as "CLIP".</param>
    /// <param name="specials">Tokens that must be there.</param>
    /// <param name="endOfWord">What ends the last piece of a word; null = nothing.</param>
    /// <exception cref="ModelFileException">The file is damaged, or of another tokenizer.</exception>
    internal static BytePairs ReadBytePairs(string path, string kind, IEnumerable<string> specials, string? endOfWord) => Open(path, kind, "'vocab' and 'merges'", file =>
    {
        var model = file.Model("BPE", kind);
        if ((Text(model, "end_of_word_suffix") ?? "") != (endOfWord ?? ""))
            throw new ModelFileException(path, $"'model.end_of_word_suffix' is '{Text(model, "end_of_word_suffix")}'; a {kind} tokenizer has '{endOfWord}'.");
        var ids = file.Vocabulary(model);
        foreach (var (content, id) in file.AddedTokens()) ids.TryAdd(content, id);
        BytePairFiles.RequireSpecials(path, ids, specials);
        return new BytePairs(ids, [.. model.GetProperty("merges").EnumerateArray().Select((merge, index) => file.Merge(merge, index, ids))]);
    });

    /// <summary>Reads the tokens of a WordPiece tokenizer in the order of their ids, and how it normalises texts.</summary>
    /// <exception cref="ModelFileException">The file is damaged, or of another tokenizer.</exception>
    internal static (IReadOnlyList<string> Tokens, WordPieceConfig Config) ReadWordPieces(string path) => Open(path, "BERT", "'vocab'", file =>
    {
        var ids = file.Vocabulary(file.Model("WordPiece", "BERT"));
        var tokens = new string[ids.Count];
        foreach (var (token, id) in ids)
        {
            if (id >= tokens.Length || tokens[id] is not null)
                throw new ModelFileException(path, $"token '{token}' has id {id}; expected each id from 0 to {tokens.Length - 1} once.");
            tokens[id] = token;
        }
        return ((IReadOnlyList<string>)tokens, file.Normaliser());
    });

    private static T Open<T>(string path, string kind, string expected, Func<TokenizerJson, T> read)
    {
        try
        {
            using var json = JsonDocument.Parse(JsonFile.Read(path));
            return read(new(path, json.RootElement));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or ArgumentException)
        {
            throw new ModelFileException(path, $"the file is no {kind} tokenizer, or damaged ({e.Message}) Expected 'model' with {expected}.", e);
        }
    }

    private JsonElement Model(string type, string kind)
    {
        var model = _root.GetProperty("model");
        var found = Text(model, "type") ?? type;
        return found == type ? model : throw new ModelFileException(_path, $"'model.type' is '{found}'; a {kind} tokenizer is '{type}'.");
    }

    private Dictionary<string, int> Vocabulary(JsonElement model) => model.GetProperty("vocab").EnumerateObject()
        .ToDictionary(token => token.Name, token => Id(token.Name, token.Value), StringComparer.Ordinal);

    private IEnumerable<(string Content, int Id)> AddedTokens()
    {
        if (!_root.TryGetProperty("added_tokens", out var added) || added.ValueKind != JsonValueKind.Array) yield break;
        foreach (var token in added.EnumerateArray())
        {
            var content = token.GetProperty("content").GetString()!;
            yield return (content, Id(content, token.GetProperty("id")));
        }
    }

    private WordPieceConfig Normaliser()
    {
        var defaults = new WordPieceConfig();
        if (!_root.TryGetProperty("normalizer", out var normaliser) || normaliser.ValueKind != JsonValueKind.Object) return defaults;
        if (Text(normaliser, "type") is var type && type != "BertNormalizer")
            throw new ModelFileException(_path, $"'normalizer.type' is '{type}'; a BERT tokenizer has 'BertNormalizer'.");
        var lowerCase = Flag(normaliser, "lowercase") ?? defaults.LowerCase;
        return defaults with
        {
            LowerCase = lowerCase,
            StripAccents = Flag(normaliser, "strip_accents") ?? lowerCase,
            SplitCjk = Flag(normaliser, "handle_chinese_chars") ?? defaults.SplitCjk,
        };
    }

    private static string? Text(JsonElement json, string key) => json.TryGetProperty(key, out var value) ? value.GetString() : null;

    private static bool? Flag(JsonElement json, string key) =>
        json.TryGetProperty(key, out var value) && value.ValueKind != JsonValueKind.Null ? value.GetBoolean() : null;

    private int Id(string token, JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var id) && id >= 0
            ? id
            : throw new ModelFileException(_path, $"token '{token}' has id '{value}'; expected an integer from 0 on.");

    private string Merge(JsonElement merge, int index, Dictionary<string, int> ids)
    {
        string?[] pair = merge.ValueKind == JsonValueKind.Array
            ? merge.EnumerateArray().Select(token => token.GetString()).ToArray()
            : merge.GetString()!.Split(' ');
        if (pair is not [{ Length: > 0 } left, { Length: > 0 } right]
            || left.Contains(' ', StringComparison.Ordinal) || right.Contains(' ', StringComparison.Ordinal))
            throw new ModelFileException(_path, $"merge {index} is '{merge}'; expected two tokens.");
        foreach (var token in new[] { left, right, left + right })
            if (!ids.ContainsKey(token))
                throw new ModelFileException(_path, $"merge {index} is '{merge}', but 'model.vocab' has no token '{token}'.");
        return $"{left} {right}";
    }
}
