using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.ML.Tokenizers;
using VideoCaptionRetrieval.Models.Tokenization;

namespace VideoCaptionRetrieval.Bench;

/// <summary>Texts to CLIP's token ids: ours, and Microsoft.ML.Tokenizers' BpeTokenizer called on each text.</summary>
internal static class TokenizerBench
{
    private const int Texts = 2_000, Words = 12, Merges = 20_000;

    // OpenAI's pattern, as .NET's regular expressions take it.
    private const string Pattern = @"<\|startoftext\|>|<\|endoftext\|>|'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+";

    internal static void Run(string[] arguments)
    {
        var folder = arguments is [var given, ..] ? given : SmallVocabulary();
        var texts = arguments is [_, var file] ? File.ReadAllLines(file) : Captions();
        var tokenizer = ClipTokenizer.Load(folder);
        var vocabulary = ClipVocabulary.Load(folder);
        var regex = new RegexPreTokenizer(new(Pattern, RegexOptions.Compiled | RegexOptions.IgnoreCase), null);
        int[] Library(string text)
        {
            var lower = text.ToLowerInvariant();
            var ids = new List<int>();
            foreach (var (offset, length) in regex.PreTokenize(lower))
                ids.AddRange(vocabulary.BytePairs.EncodeToIds(lower.AsSpan(offset, length), false, false));
            return [.. ids];
        }
        var timing = new PairedTiming()
            .Add("BpeTokenizer after its regular expression, no cleaning, one thread", () => All(texts, text => Library(text)))
            .Add("ClipTokenizer, one thread", () => All(texts, text => tokenizer.Encode(text)))
            .Add("BpeTokenizer after its regular expression, no cleaning, all cores",
                () => Parallel.ForEach(texts, text => Library(text)))
            .Add("ClipTokenizer, all cores", () => Parallel.ForEach(texts, text => tokenizer.Encode(text)));
        Report.Table(string.Create(CultureInfo.InvariantCulture, $"{texts.Length:#,0} texts"), "texts", texts.Length, timing.Measure());
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
        string Text() => string.Join(' ', Enumerable.Range(0, Words).Select(_ => words[Zipf(random, words.Length)])) + ".";
        return [.. Enumerable.Range(0, Texts).Select(_ => Text())];
    }

    private static int Zipf(Random random, int count) => (int)Math.Min(Math.Pow(count, random.NextDouble()), count) - 1;

    private static string Word(Random random)
    {
        var word = new StringBuilder();
        for (var syllable = random.Next(1, 5); syllable > 0; syllable--)
            word.Append("bcdfghklmnprst"[random.Next(14)]).Append("aeiou"[random.Next(5)]);
        return word.ToString();
    }

    /// <summary>A folder with a vocabulary in CLIP's format: all bytes, and merges of made-up words.</summary>
    private static string SmallVocabulary()
    {
        var tokens = Bytes().SelectMany(letter => new[] { letter, letter + "</w>" }).ToList();
        var merges = AddMerges(tokens);
        tokens.AddRange([ClipVocabulary.StartToken, ClipVocabulary.EndToken]);
        var ids = tokens.Select((token, id) => (token, id)).ToDictionary(pair => pair.token, pair => pair.id);
        var folder = Directory.CreateTempSubdirectory("vcr-bench-").FullName;
        File.WriteAllText(Path.Combine(folder, BytePairFiles.Vocabulary), JsonSerializer.Serialize(ids));
        File.WriteAllLines(Path.Combine(folder, BytePairFiles.Merges), merges.Prepend("#version: 0.2"));
        return folder;
    }

    /// <summary>The letters that stand for the 256 bytes.</summary>
    private static IEnumerable<string> Bytes()
    {
        var printable = Enumerable.Range(0, 256).Where(code => code is (>= '!' and <= '~') or (>= '¡' and <= '¬') or >= '®').ToList();
        return printable.Concat(Enumerable.Range(256, 256 - printable.Count)).Select(code => $"{(char)code}");
    }

    private static List<string> AddMerges(List<string> tokens)
    {
        var known = tokens.ToHashSet(StringComparer.Ordinal);
        var merges = new List<string>();
        var random = new Random(2);
        foreach (var word in Enumerable.Range(0, Merges * 4).Select(_ => Word(random)))
        {
            for (var length = 2; length <= word.Length && merges.Count < Merges; length++)
            {
                var end = length == word.Length ? "</w>" : "";
                if (!known.Add(word[..length] + end)) continue;
                merges.Add($"{word[..(length - 1)]} {word[length - 1]}{end}");
                tokens.Add(word[..length] + end);
            }
        }
        return merges;
    }
}
