using System.Text.Json;

namespace VideoCaptionRetrieval.Cli.Tests;

/// <summary>Reads what the tool wrote.</summary>
internal static class LineReading
{
    internal static JsonElement[] ReadLines(string path) => [.. File.ReadLines(path).Select(line => JsonElement.Parse(line))];

    internal static string Text(this JsonElement line, string name) => line.GetProperty(name).GetString()!;

    internal static double Number(this JsonElement line, string name) => line.GetProperty(name).GetDouble();

    internal static string[] Keys(this JsonElement line) => [.. line.EnumerateObject().Select(property => property.Name)];

    internal static float[][] Embeddings(this ToolResult result) =>
        [.. result.Json.GetProperty("embeddings").EnumerateArray().Select(row => row.EnumerateArray().Select(value => value.GetSingle()).ToArray())];
}
