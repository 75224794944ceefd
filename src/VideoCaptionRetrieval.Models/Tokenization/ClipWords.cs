using System.Buffers;
using System.Globalization;
using System.Text;

namespace VideoCaptionRetrieval.Models.Tokenization;

/// <summary>
/// Splits a cleaned text into the pieces within which byte pairs are merged: contractions, runs of letters, single numerals, runs of other
/// characters; white space separates. Scans code points, because .NET's regular expressions see letters beyond U+FFFF as surrogates.
/// </summary>
internal static class ClipWords
{
    private static readonly string[] Contractions = ["'s", "'t", "'re", "'ve", "'m", "'ll", "'d"];
    private const string ContractionWithLongS = "'\u017f";     // equals 's where case is ignored

    private enum Kind { Space, Letter, Number, Other }

    /// <param name="text">The text, lower case.</param>
    /// <param name="cleaning">
    /// OpenAI's pattern ignores case, so that 'ſ is a contraction, and finds a special token only where a piece starts; Hugging Face
    /// takes special tokens out first, wherever they stand.
    /// </param>
    internal static IEnumerable<string> Split(string text, TextCleaning cleaning)
    {
        for (var start = 0; start < text.Length;)
        {
            var kind = KindAt(text, start, out var length);
            if ((SpecialAt(text, start) ?? Contraction(text, start, cleaning)) is { } known) length = known.Length;
            else if (kind is Kind.Letter or Kind.Other) length = RunLength(text, start, kind, cleaning == TextCleaning.HuggingFace);
            if (kind != Kind.Space) yield return text.Substring(start, length);
            start += length;
        }
    }

    private static int RunLength(string text, int start, Kind kind, bool stopAtSpecials)
    {
        var end = start;
        while (end < text.Length && KindAt(text, end, out var length) == kind)
        {
            if (stopAtSpecials && SpecialAt(text, end) is not null) break;
            end += length;
        }
        return end - start;
    }

    private static string? SpecialAt(string text, int start)
    {
        if (text[start] != ClipVocabulary.StartToken[0]) return null;
        if (text.AsSpan(start).StartsWith(ClipVocabulary.StartToken)) return ClipVocabulary.StartToken;
        return text.AsSpan(start).StartsWith(ClipVocabulary.EndToken) ? ClipVocabulary.EndToken : null;
    }

    private static string? Contraction(string text, int start, TextCleaning cleaning)
    {
        if (text[start] != '\'') return null;
        if (cleaning == TextCleaning.OpenAI && text.AsSpan(start).StartsWith(ContractionWithLongS)) return ContractionWithLongS;
        foreach (var contraction in Contractions)
            if (text.AsSpan(start).StartsWith(contraction)) return contraction;
        return null;
    }

    private static Kind KindAt(string text, int at, out int length)
    {
        var known = Rune.DecodeFromUtf16(text.AsSpan(at), out var rune, out length) == OperationStatus.Done;
        if (!known) return Kind.Other;
        if (Rune.IsWhiteSpace(rune)) return Kind.Space;
        return Rune.GetUnicodeCategory(rune) switch
        {
            <= UnicodeCategory.OtherLetter => Kind.Letter,      // Lu, Ll, Lt, Lm, Lo are the first five
            UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => Kind.Number,
            _ => Kind.Other,
        };
    }
}
