using System.Text.Json;

namespace VideoCaptionRetrieval.Cli.Inputs;

/// <summary>Reads files of one JSON object a line; a broken line is named by file and number.</summary>
internal static class JsonLines
{
    /// <summary>Parses every line that is not blank.</summary>
    internal static List<T> Read<T>(string path, Func<JsonElement, T> parse)
    {
        if (!File.Exists(path)) throw new UserErrorException($"'{path}' does not exist; expected a file of JSON lines.");
        var items = new List<T>();
        var number = 0;
        foreach (var line in File.ReadLines(path))
        {
            number++;
            if (string.IsNullOrWhiteSpace(line)) continue;
            try
            {
                using var document = JsonDocument.Parse(line);
                if (document.RootElement.ValueKind != JsonValueKind.Object)
                    throw new FormatException($"found {document.RootElement.ValueKind}, expected an object");
                items.Add(parse(document.RootElement.Clone()));
            }
            catch (Exception e) when (e is JsonException or FormatException)
            {
                throw new UserErrorException($"'{path}', line {number}: {e.Message}");
            }
        }
        return items.Count > 0 ? items : throw new UserErrorException($"'{path}' holds no line.");
    }

    /// <summary>A text that must be there.</summary>
    internal static string Text(this JsonElement line, string key) =>
        line.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()!
            : throw new FormatException($"\"{key}\" with a text was expected; found {Found(line, key)}");

    /// <summary>A number that may be absent or null.</summary>
    internal static double? Number(this JsonElement line, string key)
    {
        if (!line.TryGetProperty(key, out var value) || value.ValueKind == JsonValueKind.Null) return null;
        return value.ValueKind == JsonValueKind.Number
            ? value.GetDouble()
            : throw new FormatException($"\"{key}\" with a number was expected; found {Found(line, key)}");
    }

    private static string Found(JsonElement line, string key) => line.TryGetProperty(key, out var value)
        ? value.GetRawText()
        : "the keys " + string.Join(", ", line.EnumerateObject().Select(property => $"\"{property.Name}\""));
}
