using System.Globalization;
using System.Text;

namespace VideoCaptionRetrieval.Models.Tokenization;

/// <summary>Cleans a text and splits it into words and punctuation, as the reference's BasicTokenizer does.</summary>
internal static class WordSplit
{
    internal static IEnumerable<string> Split(string text, WordPieceConfig config)
    {
        foreach (var word in Clean(text, config.SplitCjk).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            var normalised = config.LowerCase ? LowerCase.Convert(word, finalSigma: true) : word;
            normalised = config.StripAccents ? WithoutAccents(normalised) : CanonicalComposition.Compose(normalised);
            foreach (var part in SplitAtPunctuation(normalised)) yield return part;
        }
    }

    /// <summary>Removes control characters, turns white space into spaces, and separates Chinese characters.</summary>
    private static string Clean(string text, bool splitCjk)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            var category = CharUnicodeInfo.GetUnicodeCategory(rune.Value);
            if (rune.Value is '\t' or '\n' or '\r' || category == UnicodeCategory.SpaceSeparator) clean.Append(' ');
            else if (rune.Value is 0 or 0xFFFD || IsControl(category)) continue;
            else if (splitCjk && IsCjk(rune.Value)) clean.Append(' ').Append(rune).Append(' ');
            else clean.Append(rune);
        }
        return clean.ToString();
    }

    private static IEnumerable<string> SplitAtPunctuation(string word)
    {
        var part = new StringBuilder();
        foreach (var rune in word.EnumerateRunes())
        {
            if (!IsPunctuation(rune.Value))
            {
                part.Append(rune);
                continue;
            }
            if (part.Length > 0) yield return part.ToString();
            yield return rune.ToString();
            part.Clear();
        }
        if (part.Length > 0) yield return part.ToString();
    }

    private static string WithoutAccents(string word)
    {
        if (Ascii.IsValid(word)) return word;
        var kept = new StringBuilder(word.Length);
        foreach (var rune in CanonicalComposition.Decompose(word).EnumerateRunes())
            if (CharUnicodeInfo.GetUnicodeCategory(rune.Value) != UnicodeCategory.NonSpacingMark) kept.Append(rune);
        return kept.ToString();
    }

    private static bool IsControl(UnicodeCategory category) => category is UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned;

    /// <summary>Whether a code point is punctuation; all ASCII characters that are neither letter, digit nor space count, symbols too.</summary>
    private static bool IsPunctuation(int code) =>
        code is (>= 33 and <= 47) or (>= 58 and <= 64) or (>= 91 and <= 96) or (>= 123 and <= 126)
        || CharUnicodeInfo.GetUnicodeCategory(code) is UnicodeCategory.ConnectorPunctuation or UnicodeCategory.DashPunctuation
            or UnicodeCategory.OpenPunctuation or UnicodeCategory.ClosePunctuation or UnicodeCategory.InitialQuotePunctuation
            or UnicodeCategory.FinalQuotePunctuation or UnicodeCategory.OtherPunctuation;

    /// <summary>Whether a code point is in a block of CJK Unified Ideographs, as the reference lists them.</summary>
    private static bool IsCjk(int code) =>
        code is (>= 0x4E00 and <= 0x9FFF) or (>= 0x3400 and <= 0x4DBF) or (>= 0x20000 and <= 0x2A6DF) or (>= 0x2A700 and <= 0x2B73F)
            or (>= 0x2B740 and <= 0x2B81F) or (>= 0x2B820 and <= 0x2CEAF) or (>= 0xF900 and <= 0xFAFF) or (>= 0x2F800 and <= 0x2FA1F);
}

/// <summary>Splits a text at special tokens, spelt exactly, before any other processing.</summary>
internal static class SpecialTokenSplit
{
    internal static IEnumerable<(string Text, bool Special)> Split(string text, IReadOnlyList<string> specialTokens)
    {
        var start = 0;
        while (true)
        {
            var (at, token) = specialTokens
                .Select(special => (At: text.IndexOf(special, start, StringComparison.Ordinal), Token: special))
                .Where(found => found.At >= 0 && found.Token.Length > 0)
                .OrderBy(found => found.At).ThenByDescending(found => found.Token.Length)
                .FirstOrDefault((text.Length, ""));
            if (at > start) yield return (text[start..at], false);
            if (token.Length == 0) yield break;
            yield return (token, true);
            start = at + token.Length;
        }
    }
}
