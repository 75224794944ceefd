using System.Text.Json;

namespace VideoCaptionRetrieval.Data;

/// <summary>Reads files with one JSON object a line (.jsonl). Errors name the file, the line, and what was found.</summary>
internal static class JsonLines
{
    private const int ShownCharacters = 80;

    /// <summary>Reads every line that is not blank.</summary>
    /// <param name="path">The file.</param>
    /// <param name="read">Turns a line into a value; it reports what is wrong by <see cref="JsonLine.Error"/>.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">A line is broken.</exception>
    internal static List<T> Read<T>(string path, Func<JsonLine, T> read)
    {
        if (!File.Exists(path))
            throw new FileNotFoundException($"File '{path}' does not exist (working directory '{Directory.GetCurrentDirectory()}').", path);
        var values = new List<T>();
        var number = 0;
        foreach (var text in File.ReadLines(path))
        {
            number++;
            if (string.IsNullOrWhiteSpace(text)) continue;
            using var document = Parse(path, number, text);
            values.Add(read(new(path, number, document.RootElement)));
        }
        return values;
    }

    private static JsonDocument Parse(string path, int number, string text)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(text);
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"'{path}', line {number}: expected one JSON object, found '{Shorten(text)}' ({Problem(e)})", e);
        }
        if (document.RootElement.ValueKind == JsonValueKind.Object) return document;
        document.Dispose();
        throw new InvalidDataException($"'{path}', line {number}: expected one JSON object, found '{Shorten(text)}'.");
    }

    /// <summary>What the parser says, without its line number, which counts inside the line.</summary>
    internal static string Problem(JsonException e) => e.Message.Split(" LineNumber")[0];

    internal static string Shorten(string text) => text.Length <= ShownCharacters ? text : text[..ShownCharacters] + "…";
}
