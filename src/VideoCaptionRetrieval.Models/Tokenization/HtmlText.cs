using System.Globalization;
using System.Text.RegularExpressions;

namespace VideoCaptionRetrieval.Models.Tokenization;

/// <summary>
/// Decodes HTML character references by the rules of the HTML standard, with all its 2231 names (.NET's decoder knows the 253 of HTML 4).
/// Thread-safe.
/// </summary>
internal static partial class HtmlText
{
    private const string Replacement = "\ufffd";
    private static readonly Dictionary<string, string> Named =
        TextTables.Rows("html-entities").ToDictionary(row => row[0], row => TextTables.Text(row[1..]), StringComparer.Ordinal);

    [GeneratedRegex("&(#[0-9]+;?|#[xX][0-9a-fA-F]+;?|[^\\t\\n\\f <&#;]{1,32};?)")]
    private static partial Regex Reference();

    [GeneratedRegex("&#?[0-9A-Za-z]{1,24};")]
    private static partial Regex ClosedReference();

    /// <summary>Decodes every reference, closed by ';' or, where the standard allows it, open.</summary>
    internal static string Decode(string text) =>
        text.Contains('&', StringComparison.Ordinal) ? Reference().Replace(text, match => DecodeReference(match.Groups[1].Value)) : text;

    /// <summary>Decodes only references closed by ';', including names in capitals ('&amp;EACUTE;').</summary>
    internal static string DecodeClosed(string text) =>
        text.Contains('&', StringComparison.Ordinal) ? ClosedReference().Replace(text, match => DecodeClosedReference(match.Value)) : text;

    private static string DecodeClosedReference(string reference)
    {
        var name = reference[1..];
        if (name[0] == '#')
        {
            var decoded = Decode(reference);
            return decoded.Contains(';', StringComparison.Ordinal) ? reference : decoded;
        }
        if (Named.TryGetValue(name, out var value)) return value;
        var lower = name.ToLowerInvariant();
        return !name.Any(char.IsLower) && Decode(reference) == reference && Named.TryGetValue(lower, out value)
            ? value.ToUpperInvariant()
            : reference;
    }

    private static string DecodeReference(string reference)
    {
        if (reference[0] == '#') return DecodeNumber(reference[1..].TrimEnd(';'));
        for (var length = reference.Length; length > 1; length--)
            if (Named.TryGetValue(reference[..length], out var value)) return value + reference[length..];
        return "&" + reference;
    }

    private static string DecodeNumber(string digits)
    {
        var hexadecimal = digits[0] is 'x' or 'X';
        var style = hexadecimal ? NumberStyles.AllowHexSpecifier : NumberStyles.None;
        if (!int.TryParse(hexadecimal ? digits[1..] : digits, style, CultureInfo.InvariantCulture, out var code)) return Replacement;
        return code switch
        {
            0 or < 0 or >= 0xD800 and <= 0xDFFF or > 0x10FFFF => Replacement,
            '\r' => "\r",
            >= 0x80 and <= 0x9F => Windows1252.Decode((byte)code).ToString(),
            < 0x20 and not ('\t' or '\n' or '\f') or 0x7F or >= 0xFDD0 and <= 0xFDEF => "",
            _ when (code & 0xFFFE) == 0xFFFE => "",
            _ => char.ConvertFromUtf32(code),
        };
    }
}
