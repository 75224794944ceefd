using System.Text.Json;

namespace VideoCaptionRetrieval.Data;

/// <summary>Reads files with one JSON object a line (.jsonl). Errors name the file, the line, and what was found.</summary>
public static class JsonLines
{
    private const int ShownCharacters = 80;

    /// <summary>Reads every line that is not blank.</summary>
    /// <param name="path">The file.</param>
    /// <param name="read">Turns a line into a value; it reports what is wrong by <see cref="JsonLine.Error"/>.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">A line is broken.</exception>
    public static List<T> Read<T>(string path, Func<JsonLine, T> read) => [.. Stream(path, read)];

    /// <summary>Reads every line that is not blank, one at a time, when it is asked for.</summary>
    /// <inheritdoc cref="Read{T}" />
    public static IEnumerable<T> Stream<T>(string path, Func<JsonLine, T> read)
    {
        if (!File.Exists(path))
            throw new FileNotFoundException($"File '{path}' does not exist (working directory '{Directory.GetCurrentDirectory()}').", path);
        return Lines(path, read);
    }

    private static IEnumerable<T> Lines<T>(string path, Func<JsonLine, T> read)
    {
        var number = 0;
        foreach (var text in File.ReadLines(path))
        {
            number++;
            if (string.IsNullOrWhiteSpace(text)) continue;
            using var document = Parse(path, number, text);
            var line = new JsonLine(path, number, document.RootElement);
            if (text.Contains("\\u", StringComparison.Ordinal)) RequireWholeCharacters(line, document.RootElement);
            yield return read(line);
        }
    }

    /// <summary>JSON may escape half of a character, which is no text: it cannot be read, compared or written.</summary>
    private static void RequireWholeCharacters(JsonLine line, JsonElement element)
    {
        try
        {
            if (element.ValueKind == JsonValueKind.String) _ = element.GetString();
            else if (element.ValueKind == JsonValueKind.Array)
                foreach (var item in element.EnumerateArray()) RequireWholeCharacters(line, item);
            else if (element.ValueKind == JsonValueKind.Object)
                foreach (var property in element.EnumerateObject())
                {
                    _ = property.Name;
                    RequireWholeCharacters(line, property.Value);
                }
        }
        catch (InvalidOperationException)
        {
            throw line.Error($"half of a character is escaped (a lone surrogate, \\ud800 to \\udfff), found '{Shorten(element.GetRawText())}'; "
                + "write both halves, or the character itself");
        }
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

    /// <summary>Returns the parser's message without its line number, which counts within the line, and without advice for programmers.</summary>
    internal static string Problem(JsonException e) =>
        e.Message.Split(" LineNumber")[0].Replace(" in this mode. Change the reader options.", ".", StringComparison.Ordinal);

    internal static string Shorten(string text) => text.Length <= ShownCharacters ? text : text[..ShownCharacters] + "…";
}

/// <summary>One line of a .jsonl file.</summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Naming", "CA1720", Justification = "JSON's own word.")]
public readonly record struct JsonLine(string File, int Number, JsonElement Object)
{
    /// <summary>Reads a required string.</summary>
    public string RequiredText(string name) => OptionalText(name)
        ?? throw Error($"\"{name}\" (a text) is missing, found '{JsonLines.Shorten(Object.GetRawText())}'");

    /// <summary>Reads a string; null where the property is absent or null.</summary>
    public string? OptionalText(string name) => Find(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } value => value.GetString(),
        { } value => throw Error($"\"{name}\" has to be a text, found '{JsonLines.Shorten(value.GetRawText())}'"),
    };

    /// <summary>Reads a finite number as it is written; null where the property is absent or null.</summary>
    public JsonElement? OptionalNumber(string name) => Find(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Number } value when value.TryGetDouble(out var number) && double.IsFinite(number) => value,
        { } value => throw Error($"\"{name}\" has to be a number, found '{JsonLines.Shorten(value.GetRawText())}'"),
    };

    /// <summary>Reads the clip that the line names.</summary>
    public VideoClip Clip()
    {
        var path = RequiredText("video");
        if (path.Length == 0) throw Error("\"video\" is empty");
        var (start, end) = (OptionalNumber("start"), OptionalNumber("end"));
        if (start is null && end is null) return new(path, path);
        if (start?.GetDouble() < 0) throw Error($"\"start\" has to be 0 or more, found '{start}'");
        if (end?.GetDouble() <= (start?.GetDouble() ?? 0)) throw Error($"\"end\" has to lie behind \"start\", found '{end}'");
        return new($"{path}#{start?.GetRawText()}-{end?.GetRawText()}", path, start?.GetDouble() ?? double.NaN,
            end?.GetDouble() ?? double.NaN);
    }

    /// <summary>Creates an error that names the file and the line.</summary>
    public InvalidDataException Error(string problem) => new($"'{File}', line {Number}: {problem}.");

    private JsonElement? Find(string name) => Object.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null
        ? value
        : null;
}
