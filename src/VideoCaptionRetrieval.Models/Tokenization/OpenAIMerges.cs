using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;

namespace VideoCaptionRetrieval.Models.Tokenization;

/// <summary>
/// Reads bpe_simple_vocab_16e6.txt.gz: a version line, then merges, of which the published tokenizer uses the first 48894. They define the
/// vocabulary: 256 byte characters, the same at the end of a word, every merge joined, the two special tokens.
/// </summary>
internal static class OpenAIMerges
{
    private const int Merges = 49152 - 256 - 2;
    private const int MaximumBytes = 32 << 20;
    private const string VersionLine = "#version: 0.2";

    /// <exception cref="ModelFileException">The file is damaged.</exception>
    internal static BytePairs Read(string path)
    {
        var merges = Text(path).Split('\n').Skip(1).Take(Merges).Select(line => line.TrimEnd('\r')).ToList();
        if (merges.Count > 0 && merges[^1].Length == 0) merges.RemoveAt(merges.Count - 1);
        var letters = ByteLetters();
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var token in letters.Concat(letters.Select(letter => letter + ClipVocabulary.EndOfWord))) ids.Add(token, ids.Count);
        for (var i = 0; i < merges.Count; i++)
        {
            if (merges[i].Split(' ') is not [{ Length: > 0 } left, { Length: > 0 } right] || !ids.ContainsKey(left) || !ids.ContainsKey(right)
                || !ids.TryAdd(left + right, ids.Count))
            {
                throw new ModelFileException(path,
                    $"line {i + 2} is '{merges[i]}'; expected two tokens of the lines before it that make a new one.");
            }
        }
        ids.Add(ClipVocabulary.StartToken, ids.Count);
        ids.Add(ClipVocabulary.EndToken, ids.Count);
        return new(ids, merges);
    }

    /// <summary>Converts the file to vocab.json and merges.txt: name and content.</summary>
    internal static Dictionary<string, byte[]> AsFiles(string path)
    {
        var pairs = Read(path);
        var vocabulary = new JsonObject(pairs.Ids.Select(token => KeyValuePair.Create(token.Key, (JsonNode?)token.Value)));
        return new()
        {
            [BytePairFiles.Vocabulary] = Encoding.UTF8.GetBytes(vocabulary.ToJsonString()),
            [BytePairFiles.Merges] = Encoding.UTF8.GetBytes(string.Concat(pairs.Merges.Prepend(VersionLine).Select(line => line + "\n"))),
        };
    }

    /// <summary>
    /// Lists a character for each byte: printable bytes keep theirs and come first, the others follow from U+0100 on (GPT-2's table).
    /// </summary>
    private static List<string> ByteLetters()
    {
        var printable = Enumerable.Range(0, 256).Where(value => value is >= '!' and <= '~' or >= 0xA1 and <= 0xAC or >= 0xAE).ToList();
        return [.. printable.Concat(Enumerable.Range(256, 256 - printable.Count)).Select(code => $"{(char)code}")];
    }

    private static string Text(string path)
    {
        try
        {
            using var inflated = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
            var text = new byte[MaximumBytes];
            var length = inflated.ReadAtLeast(text, text.Length, throwOnEndOfStream: false);
            return length < text.Length
                ? Encoding.UTF8.GetString(text, 0, length)
                : throw new ModelFileException(path, $"the file inflates to more than {MaximumBytes} bytes; OpenAI's has 3 million.");
        }
        catch (InvalidDataException e)
        {
            throw new ModelFileException(path, $"the file is not in gzip format, or damaged ({e.Message}) Download it again.", e);
        }
    }
}
