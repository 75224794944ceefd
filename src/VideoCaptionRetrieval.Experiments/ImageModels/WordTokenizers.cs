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
