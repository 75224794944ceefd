using System.Text.Json;

namespace VideoCaptionRetrieval.Models.Tokenization;

/// <summary>Reads a byte-pair tokenizer: vocab.json (token → id) and merges.txt ("#version" line, then one pair a line, best first).</summary>
public static class BytePairFiles
{
    /// <summary>vocab.json.</summary>
    public const string Vocabulary = "vocab.json";

    /// <summary>merges.txt.</summary>
    public const string Merges = "merges.txt";

    /// <summary>Reads both files.</summary>
    /// <param name="folder">The folder with both files.</param>
    /// <param name="whose">Name of the tokenizer for messages, such as "a CLIP tokenizer".</param>
    /// <exception cref="ModelFileException">A file is missing or damaged; the message names file and line.</exception>
    internal static BytePairs Read(string folder, string whose)
    {
        var ids = ReadIds(Path.Combine(folder, Vocabulary), whose);
        return new(ids, ReadMerges(Path.Combine(folder, Merges), ids, whose));
    }

    private static Dictionary<string, int> ReadIds(string path, string whose)
    {
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        try
        {
            using var json = JsonDocument.Parse(ReadText(path, whose));
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

    private static List<string> ReadMerges(string path, Dictionary<string, int> ids, string whose)
    {
        var merges = new List<string>(ids.Count);
        var number = 0;
        foreach (var line in ReadText(path, whose).Split('\n'))
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

    private static string ReadText(string path, string whose) => File.Exists(path)
        ? File.ReadAllText(path)
        : throw new ModelFileException(path, $"the file does not exist; {whose} is {Vocabulary} and {Merges}.");
}

/// <summary>Vocabulary and merges of a byte-pair tokenizer.</summary>
/// <param name="Ids">Token → id.</param>
/// <param name="Merges">Pairs of tokens separated by a space, best first.</param>
internal sealed record BytePairs(Dictionary<string, int> Ids, List<string> Merges);
