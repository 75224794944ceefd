using System.Text.Json;

namespace VideoCaptionRetrieval.Models.Tokenization;

/// <summary>
/// Reads a byte-pair tokenizer: vocab.json (token → id) and merges.txt ("#version" line, then one pair a line, best first), or tokenizer.json in
/// their place, which is all that transformers 5 writes.
/// </summary>
public static class BytePairFiles
{
    /// <summary>vocab.json.</summary>
    public const string Vocabulary = "vocab.json";

    /// <summary>merges.txt.</summary>
    public const string Merges = "merges.txt";

    /// <summary>Lists the files that define the tokenizer of a folder: both, or tokenizer.json; none where the folder has neither.</summary>
    internal static IReadOnlyList<string> Find(string folder)
    {
        string[] both = [Path.Combine(folder, Vocabulary), Path.Combine(folder, Merges)];
        string[] one = [Path.Combine(folder, TokenizerJson.FileName)];
        return both.All(File.Exists) ? both : one.All(File.Exists) ? one : [];
    }

    /// <summary>Reads the tokenizer of a folder.</summary>
    /// <param name="folder">The folder with its files.</param>
    /// <param name="kind">Kind of tokenizer for messages, such as "CLIP".</param>
    /// <param name="specials">Tokens that must be there.</param>
    /// <param name="endOfWord">What ends the last piece of a word; null = nothing.</param>
    /// <returns>The file that names the tokens, for messages, and its content.</returns>
    /// <exception cref="ModelFileException">A file is missing or damaged; the message names file and line.</exception>
    internal static (string Path, BytePairs Pairs) Read(string folder, string kind, IReadOnlyList<string> specials, string? endOfWord = null)
    {
        if (Find(folder) is [var json]) return (json, TokenizerJson.ReadBytePairs(json, kind, specials, endOfWord));
        var path = Path.Combine(folder, Vocabulary);
        var ids = ReadIds(path, kind);
        RequireSpecials(path, ids, specials);
        return (path, new(ids, ReadMerges(Path.Combine(folder, Merges), ids, kind)));
    }

    /// <summary>Refuses a vocabulary without the tokens that start and end a text.</summary>
    internal static void RequireSpecials(string path, IReadOnlyDictionary<string, int> ids, IEnumerable<string> specials)
    {
        foreach (var special in specials)
            if (!ids.ContainsKey(special)) throw new ModelFileException(path, $"token '{special}' is missing among {ids.Count} tokens.");
    }

    private static Dictionary<string, int> ReadIds(string path, string kind)
    {
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        try
        {
            using var json = JsonDocument.Parse(ReadText(path, kind));
            foreach (var token in json.RootElement.EnumerateObject())
            {
                if (token.Value.ValueKind != JsonValueKind.Number || !token.Value.TryGetInt32(out var id) || id < 0)
                    throw new ModelFileException(path, $"token '{token.Name}' has id '{token.Value}'; expected an integer from 0 on.");
                ids[token.Name] = id;
            }
        }
        catch (JsonException e)
        {
            throw new ModelFileException(path, $"line {e.LineNumber + 1} is not JSON ({e.Message}) Download the file again.", e);
        }
        catch (InvalidOperationException e)
        {
            throw new ModelFileException(path, "the root is not a JSON object; expected token → id.", e);
        }
        return ids;
    }

    private static List<string> ReadMerges(string path, Dictionary<string, int> ids, string kind)
    {
        var merges = new List<string>(ids.Count);
        var number = 0;
        foreach (var line in ReadText(path, kind).Split('\n'))
        {
            number++;
            var merge = line.TrimEnd('\r');
            if (merge.Length == 0 || (number == 1 && merge.StartsWith("#version", StringComparison.Ordinal))) continue;
            if (merge.Split(' ') is not [{ Length: > 0 } left, { Length: > 0 } right])
                throw new ModelFileException(path, $"line {number} is '{merge}'; expected two tokens separated by one blank.");
            foreach (var token in new[] { left, right, left + right })
            {
                if (ids.ContainsKey(token)) continue;
                throw new ModelFileException(path, $"line {number} is '{merge}', but {Vocabulary} has no token '{token}'; "
                    + "the two files do not belong together.");
            }
            merges.Add(merge);
        }
        return merges;
    }

    private static string ReadText(string path, string kind) => File.Exists(path)
        ? File.ReadAllText(path)
        : throw new ModelFileException(path, $"the file does not exist; a {kind} tokenizer is {Vocabulary} and {Merges}, or {TokenizerJson.FileName}.");
}

/// <summary>Vocabulary and merges of a byte-pair tokenizer.</summary>
/// <param name="Ids">Token → id.</param>
/// <param name="Merges">Pairs of tokens separated by a space, best first.</param>
internal sealed record BytePairs(Dictionary<string, int> Ids, List<string> Merges);
