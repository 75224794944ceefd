using System.Text;

namespace VideoCaptionRetrieval.Models.Tokenization;

/// <summary>
/// BERT's WordPiece tokenizer (Devlin et al., arXiv 1810.04805), with the ids and texts of transformers 4.46's BertTokenizer. Thread-safe.
/// </summary>
/// <remarks>
/// Microsoft.ML.Tokenizers 2.0.1's BertTokenizer gives other ids: it drops symbols ($, +, emoji), does not split at
/// tabs, takes '[sep]' for '[SEP]', and keeps accents where globalization is invariant.
/// </remarks>
public sealed class WordPieceTokenizer
{
    /// <summary>Begins a piece that continues a word.</summary>
    internal const string Continuation = "##";

    /// <summary>Longest known word in characters: max_input_chars_per_word of the reference.</summary>
    internal const int MaxWordLength = 100;

    private readonly string[] _tokens;
    private readonly Dictionary<string, int> _ids;
    private readonly HashSet<int> _specialIds;

    /// <summary>Creates a tokenizer of a vocabulary, in the order of its ids.</summary>
    public WordPieceTokenizer(IReadOnlyList<string> vocabulary, WordPieceConfig config, string path)
    {
        Config = config;
        _tokens = [.. vocabulary];
        _ids = new(StringComparer.Ordinal);
        for (var id = 0; id < _tokens.Length; id++) _ids[_tokens[id]] = id;
        foreach (var token in new[] { config.Unknown, config.Start, config.End, config.Padding })
        {
            if (!_ids.ContainsKey(token))
                throw new ModelFileException(path, $"the special token '{token}' is not among the {_tokens.Length} tokens.");
        }
        _specialIds = [.. config.SpecialTokens.Where(_ids.ContainsKey).Select(token => _ids[token])];
    }

    internal WordPieceConfig Config { get; }

    /// <summary>Number of tokens; larger ids, such as BLIP's [DEC], have no text.</summary>
    public int VocabularySize => _tokens.Length;

    /// <summary>Id of [SEP].</summary>
    public int EndId => _ids[Config.End];

    /// <summary>Id of [PAD].</summary>
    public int PaddingId => _ids[Config.Padding];

    /// <summary>Reads vocab.txt, or tokenizer.json where that is absent, and tokenizer_config.json where it exists.</summary>
    /// <exception cref="ModelFileException">A file is missing or damaged, or asks for something not implemented.</exception>
    public static WordPieceTokenizer Load(string folder)
    {
        var path = WordPieceFiles.Find(folder) ?? throw new ModelFileException(Path.Combine(folder, WordPieceFiles.Vocabulary),
            $"the file does not exist; expected one token a line, or '{TokenizerJson.FileName}' in its place.");
        var (tokens, defaults) = Path.GetFileName(path) == TokenizerJson.FileName
            ? TokenizerJson.ReadWordPieces(path)
            : (File.ReadAllLines(path), new());
        return new(tokens, WordPieceConfig.Read(folder, defaults), path);
    }

    /// <summary>Writes vocab.txt and tokenizer_config.json.</summary>
    internal void Save(string folder) => WordPieceFiles.Write(folder, _tokens, Config);

    /// <summary>Returns the content of tokenizer.json, which other programs read.</summary>
    internal byte[] ToLibraryFile() => TokenizerJsonWriter.WordPieces(_tokens, Config);

    /// <summary>Encodes a text, with the start token ([CLS]) and the end token ([SEP]).</summary>
    public int[] Encode(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var ids = new List<int> { _ids[Config.Start] };
        foreach (var part in SpecialTokenSplit.Split(text, Config.SpecialTokens))
        {
            if (part.Special && _ids.TryGetValue(part.Text, out var special)) ids.Add(special);
            else foreach (var word in WordSplit.Split(part.Text, Config)) AddPieces(word, ids);
        }
        ids.Add(_ids[Config.End]);
        return [.. ids];
    }

    /// <summary>Encodes texts as ids [texts, longest], padded with [PAD]; long texts are truncated before their end token.</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="maxLength">Maximum number of tokens of a text, start and end included; at least 2.</param>
    public long[,] EncodeBatch(IReadOnlyList<string> texts, int maxLength)
    {
        var rows = texts.Select(text => Encode(text) is var ids && ids.Length <= maxLength ? ids : [.. ids[..(maxLength - 1)], EndId]).ToList();
        var batch = new long[rows.Count, rows.Count == 0 ? 0 : rows.Max(row => row.Length)];
        for (var i = 0; i < batch.GetLength(0); i++)
            for (var k = 0; k < batch.GetLength(1); k++) batch[i, k] = k < rows[i].Length ? rows[i][k] : PaddingId;
        return batch;
    }

    /// <summary>Decodes ids; ids beyond the vocabulary count as unknown tokens.</summary>
    /// <param name="ids">The ids.</param>
    /// <param name="skipSpecialTokens">Leaves out start, end, padding, unknown and mask.</param>
    /// <param name="cleanUp">Removes spaces before punctuation and in contractions; null = as tokenizer_config.json says.</param>
    public string Decode(ReadOnlySpan<int> ids, bool skipSpecialTokens = true, bool? cleanUp = null)
    {
        var text = new StringBuilder();
        foreach (var id in ids)
        {
            var known = id >= 0 && id < _tokens.Length;
            if (skipSpecialTokens && (!known || _specialIds.Contains(id))) continue;
            var token = known ? _tokens[id] : Config.Unknown;
            if (text.Length > 0 && token.StartsWith(Continuation, StringComparison.Ordinal)) text.Append(token.AsSpan(Continuation.Length));
            else text.Append(text.Length > 0 ? " " : "").Append(token);
        }
        var joined = text.ToString().Trim();
        return cleanUp ?? Config.CleanUpSpaces ? CleanUp(joined) : joined;
    }

    /// <summary>Splits a word into pieces, longest match first; a word with a part outside the vocabulary is unknown as a whole.</summary>
    private void AddPieces(string word, List<int> ids)
    {
        var runes = word.EnumerateRunes().ToArray();
        var before = ids.Count;
        for (int start = 0, end; start < runes.Length; start = end)
        {
            var found = -1;
            for (end = runes.Length; end > start && runes.Length <= MaxWordLength; end--)
            {
                var piece = (start > 0 ? Continuation : "") + string.Concat(runes[start..end]);
                if (_ids.TryGetValue(piece, out found)) break;
                found = -1;
            }
            if (found < 0)
            {
                ids.RemoveRange(before, ids.Count - before);
                ids.Add(_ids[Config.Unknown]);
                return;
            }
            ids.Add(found);
        }
    }

    /// <summary>Removes spaces as clean_up_tokenization of the reference does, in its order.</summary>
    private static string CleanUp(string text)
    {
        foreach (var mark in new[] { ".", "?", "!", "," }) text = text.Replace(" " + mark, mark, StringComparison.Ordinal);
        text = text.Replace(" ' ", "'", StringComparison.Ordinal);
        foreach (var ending in new[] { "n't", "'m", "'s", "'ve", "'re" })
            text = text.Replace(" " + ending, ending, StringComparison.Ordinal);
        return text;
    }
}
