using System.Text.Json;
using VideoCaptionRetrieval.Models.Checkpoints;
using VideoCaptionRetrieval.Models.Tokenization;

namespace VideoCaptionRetrieval.Experiments.ImageModels;

/// <summary>
/// The three tokenizers of a closed vocabulary, in their published files: each of the words is one token, and other text is still read,
/// letter by letter.
/// </summary>
internal static class WordTokenizers
{
    /// <summary>A blank in front of a word, in GPT-2's table of bytes.</summary>
    private const string Blank = "Ġ";

    /// <summary>CLIP's vocab.json and merges.txt.</summary>
    internal static Dictionary<string, byte[]> Clip(IEnumerable<string> words) => SmallClip.Tokenizer(BytePairLearning.Merges(words
        .Select(word => Letters(word).SkipLast(1).Append(word[^1] + ClipVocabulary.EndOfWord))));

    /// <summary>GPT-2's vocab.json and merges.txt, for words at the start of a text and behind a blank.</summary>
    internal static Dictionary<string, byte[]> Gpt2(IReadOnlyList<string> words)
    {
        var merges = BytePairLearning.Merges(words.Select(Letters).Concat(words.Select(word => Letters(word).Prepend(Blank))));
        return BytePairTable.Files([.. BytePairTable.Letters, .. BytePairTable.Merged(merges), "<|endoftext|>"], merges);
    }

    /// <summary>BLIP's vocab.txt.</summary>
    internal static WordPieceTokenizer Blip(IEnumerable<string> words) =>
        new(WordPieceTable.Tokens(words), new(), WordPieceFiles.Vocabulary);

    /// <summary>How many tokens there are.</summary>
    internal static int Count(IReadOnlyDictionary<string, byte[]> files)
    {
        using var vocabulary = JsonDocument.Parse(files[BytePairFiles.Vocabulary]);
        return vocabulary.RootElement.EnumerateObject().Count();
    }

    /// <summary>Reads a tokenizer from files that lie nowhere yet.</summary>
    internal static T Load<T>(IReadOnlyDictionary<string, byte[]> files, Func<string, T> load) =>
        AtomicFolder.WithTemporary(Path.Combine(Path.GetTempPath(), "tokenizer"), folder =>
        {
            Directory.CreateDirectory(folder);
            foreach (var (name, content) in files) File.WriteAllBytes(Path.Combine(folder, name), content);
            return load(folder);
        });

    private static IEnumerable<string> Letters(string word) => word.Select(letter => $"{letter}");
}

/// <summary>Byte-pair encoding learnt from a list of words (Sennrich, Haddow, Birch, arXiv 1508.07909).</summary>
internal static class BytePairLearning
{
    /// <summary>
    /// The commonest pair of neighbours is merged, time after time, until every word is one token. Of equally common pairs the first
    /// by ordinal comparison comes first.
    /// </summary>
    /// <param name="words">Each word as the letters that it starts from.</param>
    /// <returns>Lines of a merges.txt, such as "d o".</returns>
    internal static List<string> Merges(IEnumerable<IEnumerable<string>> words)
    {
        var parts = words.Select(word => word.ToList()).ToList();
        var merges = new List<string>();
        while (parts.SelectMany(word => word.Zip(word.Skip(1))).CountBy(pair => pair)
            .OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key.First, StringComparer.Ordinal)
            .ThenBy(pair => pair.Key.Second, StringComparer.Ordinal).Select(pair => pair.Key).FirstOrDefault() is { First: not null } best)
        {
            merges.Add($"{best.First} {best.Second}");
            foreach (var word in parts) Merge(word, best);
        }
        return merges;
    }

    private static void Merge(List<string> word, (string First, string Second) pair)
    {
        for (var i = 0; i + 1 < word.Count; i++)
        {
            if ((word[i], word[i + 1]) != pair) continue;
            word[i] += word[i + 1];
            word.RemoveAt(i + 1);
        }
    }
}
