using System.Text.RegularExpressions;
using Microsoft.ML.Tokenizers;

namespace VideoCaptionRetrieval.Models.Tokenization;

/// <summary>GPT-2's byte-level tokenizer, with the ids and texts of transformers 4.46's GPT2Tokenizer. Thread-safe.</summary>
public sealed partial class Gpt2Tokenizer
{
    private const string EndToken = "<|endoftext|>";
    private readonly BpeTokenizer _tokenizer;

    private Gpt2Tokenizer(BpeTokenizer tokenizer, int endOfText, int largestId) =>
        (_tokenizer, EndOfText, LargestId) = (tokenizer, endOfText, largestId);

    /// <summary>Id of the token that starts and ends a text.</summary>
    public int EndOfText { get; }

    /// <summary>The largest id in use.</summary>
    public int LargestId { get; }

    /// <summary>Reads vocab.json and merges.txt, or tokenizer.json where these are absent.</summary>
    /// <exception cref="ModelFileException">A file is missing or damaged; the message names file and line.</exception>
    public static Gpt2Tokenizer Load(string folder)
    {
        var (path, pairs) = BytePairFiles.Read(folder, "GPT-2", [EndToken]);
        var end = pairs.Ids[EndToken];
        var specials = new Dictionary<string, int> { [EndToken] = end };
        var options = new BpeOptions(pairs.Ids)
        {
            Merges = pairs.Merges,
            ByteLevel = true,
            PreTokenizer = new RegexPreTokenizer(Pieces(), specials),
            SpecialTokens = specials,
        };
        try
        {
            return new(BpeTokenizer.Create(options), end, pairs.Ids.Values.Max());
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            throw new ModelFileException(path, $"tokens and merges make no tokenizer ({e.Message}) Download the file again.", e);
        }
    }

    /// <summary>Encodes a text without special tokens.</summary>
    public int[] Encode(string text) => [.. _tokenizer.EncodeToIds(text, considerNormalization: false)];

    /// <summary>Decodes ids without trimming; bytes that are no UTF-8 become U+FFFD.</summary>
    /// <param name="ids">The ids.</param>
    /// <param name="skipSpecial">Whether to leave out end tokens.</param>
    public string Decode(IEnumerable<int> ids, bool skipSpecial = true) =>
        _tokenizer.Decode(skipSpecial ? ids.Where(id => id != EndOfText) : ids, considerSpecialTokens: true) ?? "";

    [GeneratedRegex(@"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+")]
    private static partial Regex Pieces();
}
