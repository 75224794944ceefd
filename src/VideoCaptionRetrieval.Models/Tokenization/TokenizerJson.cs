using System.Text.Json;

namespace VideoCaptionRetrieval.Models.Tokenization;

/// <summary>
/// Reads vocabulary and merges from tokenizer.json of Hugging Face's tokenizers library. Merges are "left right", since version 0.20 of the
/// library ["left", "right"]. The rest of the file is the same for every CLIP tokenizer.
/// </summary>
internal static class TokenizerJson
{
    /// <exception cref="ModelFileException">The file is damaged, or no CLIP tokenizer.</exception>
    internal static BytePairs Read(string path)
    {
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(path));
            var model = json.RootElement.GetProperty("model");
            CheckKind(path, model);
            var ids = model.GetProperty("vocab").EnumerateObject()
                .ToDictionary(token => token.Name, token => Id(path, token.Name, token.Value), StringComparer.Ordinal);
            if (json.RootElement.TryGetProperty("added_tokens", out var added) && added.ValueKind == JsonValueKind.Array)
                foreach (var token in added.EnumerateArray())
                {
                    var content = token.GetProperty("content").GetString()!;
                    ids.TryAdd(content, Id(path, content, token.GetProperty("id")));
                }
            ClipVocabulary.RequireSpecials(path, ids);
            return new(ids, [.. model.GetProperty("merges").EnumerateArray().Select((merge, index) => Merge(path, merge, index, ids))]);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or ArgumentException)
        {
            throw new ModelFileException(path,
                $"the file is no CLIP tokenizer, or damaged ({e.Message}) Expected 'model' with 'vocab' and 'merges'.", e);
        }
    }

    private static void CheckKind(string path, JsonElement model)
    {
        var type = Text(model, "type") ?? "BPE";
        if (type != "BPE") throw new ModelFileException(path, $"'model.type' is '{type}'; a CLIP tokenizer is 'BPE'.");
        var suffix = Text(model, "end_of_word_suffix");
        if (suffix != ClipVocabulary.EndOfWord)
            throw new ModelFileException(path,
                $"'model.end_of_word_suffix' is '{suffix}'; a CLIP tokenizer has '{ClipVocabulary.EndOfWord}'.");
    }

    private static string? Text(JsonElement json, string key) => json.TryGetProperty(key, out var value) ? value.GetString() : null;

    private static int Id(string path, string token, JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var id) && id >= 0
            ? id
            : throw new ModelFileException(path, $"token '{token}' has id '{value}'; expected an integer from 0 on.");

    private static string Merge(string path, JsonElement merge, int index, Dictionary<string, int> ids)
    {
        string?[] pair = merge.ValueKind == JsonValueKind.Array
            ? merge.EnumerateArray().Select(token => token.GetString()).ToArray()
            : merge.GetString()!.Split(' ');
        if (pair is not [{ Length: > 0 } left, { Length: > 0 } right] || left.Contains(' ', StringComparison.Ordinal) || right.Contains(' ', StringComparison.Ordinal))
            throw new ModelFileException(path, $"merge {index} is '{merge}'; expected two tokens.");
        foreach (var token in new[] { left, right, left + right })
            if (!ids.ContainsKey(token))
                throw new ModelFileException(path, $"merge {index} is '{merge}', but 'model.vocab' has no token '{token}'.");
        return $"{left} {right}";
    }
}
