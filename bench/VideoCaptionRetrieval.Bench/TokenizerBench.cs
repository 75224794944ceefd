using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.ML.Tokenizers;
using VideoCaptionRetrieval.Models.Tokenization;

namespace VideoCaptionRetrieval.Bench;

/// <summary>Texts to CLIP's token ids: ours, and Microsoft.ML.Tokenizers' BpeTokenizer called on each text.</summary>
internal static class TokenizerBench
{
    private const int Texts = 2_000, Words = 12, Merges = 20_000;

    internal static void Run(string[] arguments)
    {
        var folder = arguments is [var given] ? given : SmallVocabulary();
        var texts = Captions();
        var tokenizer = ClipTokenizer.Load(folder);
        var plain = ClipVocabulary.Load(folder).BytePairs;
        var timing = new PairedTiming()
            .Add("BpeTokenizer on lower-case texts, one thread", () => All(texts, text => plain.EncodeToIds(text.ToLowerInvariant())))
            .Add("ClipTokenizer, one thread", () => All(texts, text => tokenizer.Encode(text)))
            .Add("BpeTokenizer on lower-case texts, all cores", () => Parallel.ForEach(texts, text => plain.EncodeToIds(text.ToLowerInvariant())))
            .Add("ClipTokenizer, all cores", () => Parallel.ForEach(texts, text => tokenizer.Encode(text)));
        Report.Table(string.Create(CultureInfo.InvariantCulture, $"{Texts:#,0} captions of {Words} words"), "texts", Texts, timing.Measure());
        if (arguments.Length == 0) Directory.Delete(folder, recursive: true);
    }

    private static void All(string[] texts, Action<string> encode)
    {
        foreach (var text in texts) encode(text);
    }

    /// <summary>Captions repeat words as texts do: the k-th word is drawn k times as seldom as the first.</summary>
    private static string[] Captions()
    {
        var random = new Random(1);
        var words = Enumerable.Range(0, 8_000).Select(_ => Word(random)).ToArray();
        return [.. Enumerable.Range(0, Texts).Select(_ => string.Join(' ', Enumerable.Range(0, Words).Select(_ => words[Zipf(random, words.Length)])) + ".")];
    }

    private static int Zipf(Random random, int count) => (int)Math.Min(Math.Pow(count, random.NextDouble()), count) - 1;

    private static string Word(Random random)
    {
        var word = new StringBuilder();
        for (var syllable = random.Next(1, 5); syllable > 0; syllable--)
            word.Append("bcdfghklmnprst"[random.Next(14)]).Append("aeiou"[random.Next(5)]);
        return word.ToString();
    }

    /// <summary>A vocabulary in CLIP's format: all bytes, and merges that are learnt from nothing but lie near each other as real ones do.</summary>
    private static string SmallVocabulary()
    {
        var bytes = Enumerable.Range('!', '~' - '!' + 1).Concat(Enumerable.Range('¡', '¬' - '¡' + 1)).Concat(Enumerable.Range('®', 'ÿ' - '®' + 1)).ToList();
        var letters = bytes.Concat(Enumerable.Range(256, 256 - bytes.Count)).Select(code => $"{(char)code}").ToList();
        var tokens = letters.Concat(letters.Select(letter => letter + "</w>")).ToList();
        var known = tokens.ToHashSet(StringComparer.Ordinal);
        var merges = new List<string>();
        var random = new Random(2);
        var syllables = Enumerable.Range(0, Merges * 4).Select(_ => Word(random)).Distinct().ToList();
        foreach (var word in syllables)
        {
            for (var length = 2; length <= word.Length && merges.Count < Merges; length++)
            {
                var end = length == word.Length ? "</w>" : "";
                if (!known.Add(word[..length] + end)) continue;
                merges.Add($"{word[..(length - 1)]} {word[length - 1]}{end}");
                tokens.Add(word[..length] + end);
            }
        }
        tokens.AddRange([ClipVocabulary.StartToken, ClipVocabulary.EndToken]);
        var folder = Directory.CreateTempSubdirectory("vcr-bench-").FullName;
        File.WriteAllText(Path.Combine(folder, ClipVocabulary.VocabularyFile),
            JsonSerializer.Serialize(tokens.Select((token, id) => (token, id)).ToDictionary(pair => pair.token, pair => pair.id)));
        File.WriteAllLines(Path.Combine(folder, ClipVocabulary.MergesFile), merges.Prepend("#version: 0.2"));
        return folder;
    }
}
