using System.Text;

namespace VideoCaptionRetrieval.Models.Tokenization;

/// <summary>
/// Repairs the most common damage to a text: UTF-8 decoded as Windows-1252 or Latin-1 ('schÃ¶n' for 'schön'), once or repeatedly. Only
/// sequences that ordinary text does not contain count as damage ('Brontë…”' stays). Thread-safe.
/// </summary>
internal static class MojibakeRepair
{
    private const int MaxLayers = 4;
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    internal static string Repair(string text)
    {
        for (var layer = 0; layer < MaxLayers && !Ascii.IsValid(text); layer++)
        {
            // Under a layer of damage, whatever decodes is damage again: 'ÃƒÂ©', 'Ã©', 'é'.
            var repaired = (layer > 0 ? DecodeWhole(Encode(text)) : null) ?? RepairOnce(text);
            if (repaired == text) break;
            text = repaired;
        }
        return text;
    }

    private static string RepairOnce(string text)
    {
        var bytes = Encode(text);
        var damage = Sequences(text, bytes).ToList();
        if (damage.Count == 0) return text;
        return DecodeWhole(bytes) ?? DecodeEach(text, bytes, damage);
    }

    /// <summary>Encodes the characters as bytes; −1 for a character that no byte stands for.</summary>
    private static int[] Encode(string text) => [.. text.Select(c => Windows1252.TryEncode(c, out var value) ? value : -1)];

    /// <summary>Finds implausible UTF-8 sequences: start and length in characters.</summary>
    private static IEnumerable<(int Start, int Length)> Sequences(string text, int[] bytes)
    {
        for (var i = 0; i < bytes.Length; i++)
        {
            var length = SequenceLength(bytes, i);
            if (length == 0 || !IsImplausible(text, i, length)) continue;
            yield return (i, length);
            i += length - 1;
        }
    }

    private static int SequenceLength(int[] bytes, int start)
    {
        var length = bytes[start] switch { >= 0xC2 and <= 0xDF => 2, >= 0xE0 and <= 0xEF => 3, >= 0xF0 and <= 0xF4 => 4, _ => 0 };
        if (start + length > bytes.Length) return 0;
        for (var i = 1; i < length; i++)
            if (!IsContinuation(bytes[start + i]) && !(i == length - 1 && IsLostNoBreakSpace(bytes, start, length))) return 0;
        return length;
    }

    private static bool IsContinuation(int value) => value is >= 0x80 and <= 0xBF;

    /// <summary>'à' is C3 A0, and A0 often became a space; before another space that is certain enough.</summary>
    private static bool IsLostNoBreakSpace(int[] bytes, int start, int length) =>
        length == 2 && bytes[start] == 0xC3 && bytes[start + 1] == ' ' && start + 2 < bytes.Length && bytes[start + 2] == ' ';

    /// <summary>
    /// Whether no language combines characters like that: an accented letter followed by a control character, a currency sign, a fraction, a
    /// capital in the middle of a word. Quotes, dashes and dots after a letter are ordinary.
    /// </summary>
    private static bool IsImplausible(string text, int start, int length)
    {
        var (lead, next) = (text[start], text[start + 1]);
        if (length == 2 && lead is 'Â' or 'Ã') return !IsEndOfWord(next) || IsInsideWord(text, start);
        if (length == 2) return char.IsLetter(lead) && !IsEndOfWord(next) && !char.IsLetter(next);
        if (lead == 'â' && next is '€' or '\u0080' or 'œ') return true;
        return text.AsSpan(start + 1, length - 1).ToArray().Any(c => !IsEndOfWord(c) && !char.IsLower(c));
    }

    private static bool IsInsideWord(string text, int start) =>
        (start > 0 && char.IsLower(text[start - 1])) || (start + 2 < text.Length && char.IsLetter(text[start + 2]));

    /// <summary>Whether a character may follow a letter in ordinary text.</summary>
    private static bool IsEndOfWord(char c) => "…‘’“”–—›»®©™°´\u00a0·²³¹ªº«‹‚„".Contains(c, StringComparison.Ordinal);

    private static string? DecodeWhole(int[] bytes)
    {
        if (bytes.Contains(-1)) return null;
        for (var i = 0; i + 2 < bytes.Length; i++)
            if (IsLostNoBreakSpace(bytes, i, 2)) bytes[i + 1] = 0xA0;
        try
        {
            return Strict.GetString([.. bytes.Select(value => (byte)value)]);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private static string DecodeEach(string text, int[] bytes, List<(int Start, int Length)> damage)
    {
        var repaired = new StringBuilder(text.Length);
        var at = 0;
        foreach (var (start, length) in damage)
        {
            // What follows half a sequence is not repaired either.
            if (start > at && IsContinuation(bytes[start - 1])) continue;
            repaired.Append(text, at, start - at).Append(DecodeWhole(bytes[start..(start + length)]) ?? text.Substring(start, length));
            at = start + length;
        }
        return repaired.Append(text, at, text.Length - at).ToString();
    }
}
