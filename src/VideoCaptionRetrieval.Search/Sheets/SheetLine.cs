using System.Text;

namespace VideoCaptionRetrieval.Search.Sheets;

/// <summary>Shortens a line of text to a width.</summary>
internal static class SheetLine
{
    /// <summary>ASCII, since every font has it.</summary>
    private const string LeftOut = "...";

    /// <summary>The longest part of a text that fits, with dots where something is left out.</summary>
    /// <param name="text">The text; control characters become spaces.</param>
    /// <param name="width">Pixels.</param>
    /// <param name="measure">Width of a text.</param>
    /// <param name="keepEnd">Whether the beginning is left out, as of paths, instead of the end.</param>
    internal static string Fit(string text, float width, Func<string, float> measure, bool keepEnd = false)
    {
        Rune[] runes = [.. text.EnumerateRunes().Select(rune => Rune.IsControl(rune) ? new Rune(' ') : rune)];
        string Part(int count) => string.Concat(keepEnd ? runes[^count..] : runes[..count]);
        if (measure(Part(runes.Length)) <= width) return Part(runes.Length);
        var (fits, tooLong) = (0, runes.Length);
        while (tooLong - fits > 1)
        {
            var count = (fits + tooLong) / 2;
            if (measure(LeftOut + Part(count)) <= width) fits = count;
            else tooLong = count;
        }
        return keepEnd ? LeftOut + Part(fits) : Part(fits).TrimEnd() + LeftOut;
    }
}
