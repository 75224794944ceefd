using System.Globalization;
using System.Text;

namespace VideoCaptionRetrieval.Models.Tokenization;

/// <summary>
/// Normalises Unicode to forms C and D (UAX #15). string.Normalize is not used, because it returns its input unchanged where globalization is
/// invariant, the only mode on a machine without ICU; token ids must not depend on that. Thread-safe.
/// </summary>
internal static class CanonicalComposition
{
    private const int FirstThatMayChange = 0x300;       // lower code points are in form C
    private const int HangulFirst = 0xAC00, LeadFirst = 0x1100, VowelFirst = 0x1161, TrailBefore = 0x11A7;
    private const int Leads = 19, Vowels = 21, Trails = 28;

    private static readonly Dictionary<int, int[]> Decompositions = [];
    private static readonly Dictionary<(int First, int Second), int> Compositions = [];
    private static readonly Dictionary<int, int> Classes = [];

    static CanonicalComposition()
    {
        foreach (var row in TextTables.Rows("canonical-mappings"))
        {
            if (row[0] == "c")
            {
                var range = row[1].Split("..").Select(TextTables.CodePoint).ToArray();
                for (var code = range[0]; code <= range[^1]; code++) Classes[code] = int.Parse(row[2], CultureInfo.InvariantCulture);
                continue;
            }
            var (composed, parts) = (TextTables.CodePoint(row[1]), row[2..].Select(TextTables.CodePoint).ToArray());
            Decompositions[composed] = parts;
            if (row[0] == "d") Compositions[(parts[0], parts[1])] = composed;
        }
    }

    /// <summary>Composes a text: form C.</summary>
    internal static string Compose(string text) =>
        text.All(c => c < FirstThatMayChange) ? text : Text(Join(Decomposed(text)));

    /// <summary>Decomposes a text: form D.</summary>
    internal static string Decompose(string text) => Ascii.IsValid(text) ? text : Text(Decomposed(text));

    private static List<int> Decomposed(string text)
    {
        var codes = new List<int>(text.Length);
        foreach (var rune in text.EnumerateRunes()) Decompose(rune.Value, codes);
        Order(codes);
        return codes;
    }

    private static string Text(List<int> codes)
    {
        var text = new StringBuilder(codes.Count);
        foreach (var code in codes) text.Append(new Rune(code));
        return text.ToString();
    }

    private static int ClassOf(int code) => Classes.GetValueOrDefault(code);

    private static void Decompose(int code, List<int> codes)
    {
        if (code - HangulFirst is >= 0 and < Leads * Vowels * Trails and var syllable)
        {
            codes.Add(LeadFirst + (syllable / (Vowels * Trails)));
            codes.Add(VowelFirst + (syllable / Trails % Vowels));
            if (syllable % Trails > 0) codes.Add(TrailBefore + (syllable % Trails));
        }
        else if (Decompositions.TryGetValue(code, out var parts))
        {
            foreach (var part in parts) Decompose(part, codes);
        }
        else
        {
            codes.Add(code);
        }
    }

    /// <summary>Sorts runs of marks by class, stably.</summary>
    private static void Order(List<int> codes)
    {
        for (var i = 1; i < codes.Count; i++)
        {
            var mark = ClassOf(codes[i]);
            if (mark == 0) continue;
            for (var k = i; k > 0 && ClassOf(codes[k - 1]) > mark; k--) (codes[k - 1], codes[k]) = (codes[k], codes[k - 1]);
        }
    }

    private static List<int> Join(List<int> codes)
    {
        var joined = new List<int>(codes.Count);
        var (starter, lastClass) = (-1, -1);
        foreach (var code in codes)
        {
            var mark = ClassOf(code);
            if (starter >= 0 && lastClass < mark && Pair(joined[starter], code) is { } pair)
            {
                joined[starter] = pair;
                continue;
            }
            joined.Add(code);
            if (mark == 0) (starter, lastClass) = (joined.Count - 1, -1);
            else lastClass = mark;
        }
        return joined;
    }

    private static int? Pair(int first, int second)
    {
        if (first - LeadFirst is >= 0 and < Leads and var lead && second - VowelFirst is >= 0 and < Vowels and var vowel)
            return HangulFirst + (((lead * Vowels) + vowel) * Trails);
        if (first - HangulFirst is >= 0 and < Leads * Vowels * Trails and var syllable && syllable % Trails == 0
            && second - TrailBefore is > 0 and < Trails and var trail)
            return first + trail;
        return Compositions.TryGetValue((first, second), out var composed) ? composed : null;
    }
}
