using System.Collections.Concurrent;

namespace VideoCaptionRetrieval.Models.Tokenization;

/// <summary>Turns texts into CLIP token ids. Thread-safe.</summary>
public sealed class ClipTokenizer
{
    /// <summary>Context length of the published models, the default.</summary>
    internal const int DefaultContextLength = 77;

    private readonly ClipVocabulary _vocabulary;
    private readonly TextCleaning _cleaning;
    private readonly PieceCache _pieces;

    private ClipTokenizer(ClipVocabulary vocabulary, TextCleaning cleaning, int contextLength)
    {
        (_vocabulary, _cleaning, ContextLength) = (vocabulary, cleaning, contextLength);
        _pieces = new(piece => vocabulary.BytePairs.EncodeToIds(piece, considerPreTokenization: false, considerNormalization: false));
    }

    /// <summary>Maximum number of ids of a text, start and end included.</summary>
    internal int ContextLength { get; }

    /// <summary>The largest id that <see cref="Encode"/> can return.</summary>
    internal int LargestId => _vocabulary.LargestId;

    /// <summary>Loads vocab.json and merges.txt, or a file that replaces both.</summary>
    /// <exception cref="ModelFileException">A file is missing or damaged; the message names file and line.</exception>
    public static ClipTokenizer Load(string folder, TextCleaning cleaning = TextCleaning.OpenAI, int contextLength = DefaultContextLength)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(contextLength, 2);
        return new(ClipVocabulary.Load(folder), cleaning, contextLength);
    }

    /// <summary>Encodes a text from start of text to end of text; a long text is truncated before its end of text.</summary>
    internal int[] Encode(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var ids = new List<int>(ContextLength) { _vocabulary.StartOfText };
        foreach (var piece in Pieces(text))
        {
            ids.AddRange(IdsOf(piece));
            if (ids.Count >= ContextLength) break;
        }
        if (ids.Count >= ContextLength) ids.RemoveRange(ContextLength - 1, ids.Count - ContextLength + 1);
        ids.Add(_vocabulary.EndOfText);
        return [.. ids];
    }

    /// <summary>Encodes texts as ids [texts, longest], padded with end of text; the first one in a row ends the text.</summary>
    public long[,] EncodeBatch(IReadOnlyList<string> texts)
    {
        var rows = texts.Select(Encode).ToList();
        var batch = new long[rows.Count, rows.Count == 0 ? 0 : rows.Max(row => row.Length)];
        for (var i = 0; i < batch.GetLength(0); i++)
            for (var k = 0; k < batch.GetLength(1); k++) batch[i, k] = k < rows[i].Length ? rows[i][k] : _vocabulary.EndOfText;
        return batch;
    }

    /// <summary>Whether a text has more tokens than the context length, so that its end is cut off.</summary>
    public bool IsCut(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        const int StartAndEnd = 2;
        return Pieces(text).Sum(piece => IdsOf(piece).Length) + StartAndEnd > ContextLength;
    }

    private IEnumerable<string> Pieces(string text) => ClipWords.Split(_cleaning == TextCleaning.OpenAI
        ? LowerCase.Convert(HtmlText.Decode(HtmlText.Decode(TextRepair.Repair(text))), finalSigma: true)
        : LowerCase.Convert(CanonicalComposition.Compose(text), finalSigma: false), _cleaning);

    private int[] IdsOf(string piece) => piece switch
    {
        ClipVocabulary.StartToken => [_vocabulary.StartOfText],
        ClipVocabulary.EndToken => [_vocabulary.EndOfText],
        _ => _pieces.IdsOf(piece),
    };
}

/// <summary>
/// Text cleaning before CLIP's tokenization; the two published rules differ on quotes, entities and widths.
/// </summary>
public enum TextCleaning
{
    /// <summary>OpenAI's: repairs broken Unicode, decodes HTML entities twice, collapses white space, lower-cases.</summary>
    OpenAI,

    /// <summary>Hugging Face's fast tokenizer's: composes canonically, collapses white space, lower-cases.</summary>
    HuggingFace,
}

/// <summary>
/// Caches the ids of pieces, because texts repeat their words. Keeps the first pieces up to a limit and never evicts, so that reading takes no
/// lock. Thread-safe.
/// </summary>
/// <param name="merge">Computes the ids of a piece.</param>
/// <param name="capacity">Maximum number of pieces.</param>
internal sealed class PieceCache(Func<string, IReadOnlyList<int>> merge, int capacity = PieceCache.DefaultCapacity)
{
    /// <summary>More words than most collections of captions have; some megabytes when full.</summary>
    internal const int DefaultCapacity = 1 << 16;

    /// <summary>Longer pieces are not cached: they are no words and rarely repeat.</summary>
    internal const int MaxPieceLength = 32;

    private readonly ConcurrentDictionary<string, int[]> _ids = new(StringComparer.Ordinal);
    private int _count;

    /// <summary>Number of cached pieces.</summary>
    internal int Count => Volatile.Read(ref _count);

    /// <summary>Returns the ids of a piece; the array is shared, do not write to it.</summary>
    internal int[] IdsOf(string piece)
    {
        if (_ids.TryGetValue(piece, out var known)) return known;
        int[] ids = [.. merge(piece)];
        if (piece.Length > MaxPieceLength) return ids;
        if (Interlocked.Increment(ref _count) > capacity || !_ids.TryAdd(piece, ids)) Interlocked.Decrement(ref _count);
        return ids;
    }
}
