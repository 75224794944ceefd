using System.Text;
using System.Text.RegularExpressions;

namespace VideoCaptionRetrieval.Models.Tokenization;

/// <summary>
/// Repairs a text as OpenAI's tokenizer does through the Python package ftfy, reimplemented: HTML references, mojibake, control characters,
/// ligatures, widths, quotes, line ends, composition; repeated until nothing changes. Thread-safe.
/// </summary>
internal static partial class TextRepair
{
    private static readonly Dictionary<char, string> Replacements = CreateReplacements();

    [GeneratedRegex("\u001b\\[[0-9;]*[A-Za-z]")]
    private static partial Regex TerminalEscape();

    internal static string Repair(string text)
    {
        if (text.All(c => c is >= ' ' and < '\u007f' and not '&')) return text;
        var repaired = new StringBuilder(text.Length);
        var decodeHtml = true;
        foreach (var line in Lines(text))
        {
            decodeHtml &= !line.Contains('<', StringComparison.Ordinal);      // looks like HTML: references in it are meant
            repaired.Append(RepairLine(line, decodeHtml));
        }
        return repaired.ToString();
    }

    private static IEnumerable<string> Lines(string text)
    {
        for (int start = 0, end; start < text.Length; start = end)
        {
            end = text.IndexOf('\n', start) + 1;
            if (end == 0) end = text.Length;
            yield return text[start..end];
        }
    }

    private static string RepairLine(string line, bool decodeHtml)
    {
        while (true)
        {
            var before = line;
            if (decodeHtml) line = HtmlText.DecodeClosed(line);
            line = MojibakeRepair.Repair(line);
            line = ReplaceCharacters(line).Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
            line = RemoveControls(TerminalEscape().Replace(line, ""));
            line = CanonicalComposition.Compose(line);
            if (line == before) return line;
        }
    }

    private static string ReplaceCharacters(string line)
    {
        var replaced = new StringBuilder(line.Length);
        for (var i = 0; i < line.Length; i++)
        {
            var c = line[i];
            if (char.IsHighSurrogate(c) && i + 1 < line.Length && char.IsLowSurrogate(line[i + 1])) replaced.Append(c).Append(line[++i]);
            else if (char.IsSurrogate(c)) replaced.Append('\ufffd');
            else if (Replacements.TryGetValue(c, out var text)) replaced.Append(text);
            else replaced.Append(c);
        }
        return replaced.ToString();
    }

    private static string RemoveControls(string line) => line.Any(IsControl) ? string.Concat(line.Where(c => !IsControl(c))) : line;

    private static bool IsControl(char c) => c is < ' ' and not ('\t' or '\n' or '\f' or '\r') or '\u007f'
        or >= '\u206a' and <= '\u206f' or '\ufeff' or >= '\ufff9' and <= '\ufffc';

    private static Dictionary<char, string> CreateReplacements()
    {
        var replacements = TextTables.Rows("character-widths")
            .ToDictionary(row => (char)TextTables.CodePoint(row[0]), row => TextTables.Text(row[1..]));
        string[] ligatures = ["Ĳ IJ", "ĳ ij", "ŉ 'n", "Ǆ DŽ", "ǅ Dž", "ǆ dž", "Ǉ LJ", "ǈ Lj", "ǉ lj", "Ǌ NJ", "ǋ Nj", "ǌ nj",
            "ﬀ ff", "ﬁ fi", "ﬂ fl", "ﬃ ffi", "ﬄ ffl", "ﬅ ſt", "ﬆ st"];
        foreach (var ligature in ligatures) replacements[ligature[0]] = ligature[2..];
        for (var c = '\u0080'; c <= '\u009f'; c++) replacements[c] = Windows1252.Decode((byte)c).ToString();
        foreach (var c in "ʼ‘’‚‛") replacements[c] = "'";
        foreach (var c in "“”„‟") replacements[c] = "\"";
        foreach (var c in "\u2028\u2029") replacements[c] = "\n";
        return replacements;
    }
}
