using System.Globalization;

namespace VideoCaptionRetrieval.Models.Tokenization;

/// <summary>Reads the character tables embedded in this assembly: lines of fields separated by spaces, '#' starts a comment.</summary>
internal static class TextTables
{
    internal static IEnumerable<string[]> Rows(string name)
    {
        using var stream = typeof(TextTables).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The assembly does not hold the table '{name}'.");
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
            if (line.Length > 0 && line[0] != '#') yield return line.Split(' ');
    }

    internal static int CodePoint(string hexadecimal) => int.Parse(hexadecimal, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    internal static string Text(IEnumerable<string> codePoints) =>
        string.Concat(codePoints.Select(code => char.ConvertFromUtf32(CodePoint(code))));
}
