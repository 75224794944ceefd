using System.Text;
using System.Text.Json.Nodes;
using VideoCaptionRetrieval.Models.Tokenization;

namespace VideoCaptionRetrieval.Experiments;

/// <summary>Files of byte-level tokenizers, CLIP's and GPT-2's.</summary>
internal static class BytePairTable
{
    /// <summary>
    /// The 256 letters that stand for bytes: bytes that are printable keep their character; the others take characters from U+0100 on, in
    /// order (GPT-2's table). The printable ones come first, as in CLIP's vocabulary.
    /// </summary>
    internal static IReadOnlyList<string> Letters { get; } = Bytes();

    /// <summary>The tokens that merges make, each once.</summary>
    /// <param name="merges">Lines of merges.txt, best first, such as "d o".</param>
    internal static IEnumerable<string> Merged(IEnumerable<string> merges) =>
        merges.Select(merge => merge.Replace(" ", "", StringComparison.Ordinal)).Distinct();

    /// <summary>vocab.json and merges.txt.</summary>
    /// <param name="tokens">In the order of their ids.</param>
    /// <param name="merges">Lines of merges.txt.</param>
    internal static Dictionary<string, byte[]> Files(IEnumerable<string> tokens, IEnumerable<string> merges) => new()
    {
        [BytePairFiles.Vocabulary] = Encoding.UTF8.GetBytes(
            new JsonObject(tokens.Select((token, id) => KeyValuePair.Create(token, (JsonNode?)id))).ToJsonString()),
        [BytePairFiles.Merges] = Encoding.UTF8.GetBytes(string.Concat(merges.Prepend("#version: 0.2").Select(line => line + "\n"))),
    };

    private static List<string> Bytes()
    {
        var printable = Enumerable.Range(0, 256).Where(value => value is >= '!' and <= '~' or >= 0xA1 and <= 0xAC or >= 0xAE).ToList();
        return [.. printable.Concat(Enumerable.Range(256, 256 - printable.Count)).Select(code => $"{(char)code}")];
    }
}

/// <summary>The vocabulary of a small BERT tokenizer.</summary>
internal static class WordPieceTable
{
    /// <summary>The special tokens, the letters at the start of a word and inside one, and the words.</summary>
    internal static List<string> Tokens(IEnumerable<string> words)
    {
        var letters = Enumerable.Range('a', 26).Select(letter => $"{(char)letter}").ToList();
        return
        [
            .. new[] { "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]" }.Concat(letters).Concat(letters.Select(letter => "##" + letter))
                .Concat(words).Distinct(),
        ];
    }
}
