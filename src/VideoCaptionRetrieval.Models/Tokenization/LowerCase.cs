using System.Globalization;
using System.Text;

namespace VideoCaptionRetrieval.Models.Tokenization;

/// <summary>Converts to full Unicode lower case: unlike .NET's, 'İ' becomes two characters, and a final sigma has its own form.</summary>
internal static class LowerCase
{
    private const char CapitalIWithDot = '\u0130', CapitalSigma = '\u03a3', Sigma = '\u03c3', FinalSigma = '\u03c2';

    /// <param name="text">The text.</param>
    /// <param name="finalSigma">
    /// Whether a sigma at the end of a word becomes a final sigma (as in Python, unlike Hugging Face's fast tokenizers).
    /// </param>
    internal static string Convert(string text, bool finalSigma)
    {
        if (Ascii.IsValid(text)) return text.ToLowerInvariant();
        var runes = text.EnumerateRunes().ToArray();
        var lower = new StringBuilder(text.Length + 1);
        for (var i = 0; i < runes.Length; i++)
        {
            switch (runes[i].Value)
            {
                case CapitalIWithDot:
                    lower.Append("i\u0307");
                    break;
                case CapitalSigma:
                    lower.Append(finalSigma && EndsWord(runes, i) ? FinalSigma : Sigma);
                    break;
                default:
                    lower.Append(Rune.ToLowerInvariant(runes[i]));
                    break;
            }
        }
        return lower.ToString();
    }

    /// <summary>The condition Final_Sigma of the Unicode standard, section 3.13: a cased letter before, none after.</summary>
    private static bool EndsWord(Rune[] runes, int at)
    {
        var before = at - 1;
        while (before >= 0 && IsIgnorable(runes[before])) before--;
        var after = at + 1;
        while (after < runes.Length && IsIgnorable(runes[after])) after++;
        return before >= 0 && IsCased(runes[before]) && !(after < runes.Length && IsCased(runes[after]));
    }

    private static bool IsCased(Rune rune) => Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter;

    private static bool IsIgnorable(Rune rune) => rune.Value is '\'' or '.' or ':' or '·' or '\u2018' or '\u2019'
        || Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format
        or UnicodeCategory.ModifierLetter or UnicodeCategory.ModifierSymbol;
}
