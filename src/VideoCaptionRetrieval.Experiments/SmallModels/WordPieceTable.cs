namespace VideoCaptionRetrieval.Experiments;

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
