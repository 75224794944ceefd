using System.Text.Json;
using System.Text.Json.Nodes;

namespace VideoCaptionRetrieval.Models.Checkpoints;

/// <summary>A JSON configuration file of a checkpoint; every error names the file and the key. Read-only, thread-safe.</summary>
internal sealed class JsonConfig
{
    /// <summary>Larger images than any published checkpoint takes; guards buffer sizes against damaged files.</summary>
    private const int LargestImageSize = 4096;

    private readonly string _path;

    /// <exception cref="ModelFileException">The file cannot be read or is not a JSON object.</exception>
    internal JsonConfig(string path)
    {
        _path = path;
        try
        {
            Root = JsonNode.Parse(File.ReadAllBytes(path)) as JsonObject
                ?? throw new ModelFileException(path, "the file holds no JSON object.");
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new ModelFileException(path, $"the file is not readable JSON: {e.Message}", e);
        }
    }

    internal JsonObject Root { get; }

    internal JsonObject? Child(string key) => Root[key] switch
    {
        null => null,
        JsonObject child => child,
        var other => throw Wrong(key, $"found {other.ToJsonString()}; expected an object"),
    };

    internal string? Text(string key) => Root[key] is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    internal bool? Flag(string key) => Root[key] switch
    {
        null => null,
        JsonValue value when value.TryGetValue(out bool flag) => flag,
        var other => throw Wrong(key, $"found {other.ToJsonString()}; expected true or false"),
    };

    /// <summary>The number that <paramref name="node"/> holds; null where it is absent.</summary>
    internal double? Number(string key, JsonNode? node) => node switch
    {
        null => null,
        JsonValue value when value.TryGetValue(out double number) && double.IsFinite(number) => number,
        _ => throw Wrong(key, $"found {node.ToJsonString()}; expected a number"),
    };

    /// <summary>Three numbers; null where the key is absent.</summary>
    internal double[]? Triple(string key)
    {
        if (Root[key] is not { } node) return null;
        if (node is not JsonArray { Count: 3 } array) throw Wrong(key, $"found {node.ToJsonString()}; expected 3 numbers");
        return [.. array.Select(value => Number(key, value) ?? throw Wrong(key, "found null; expected 3 numbers"))];
    }

    /// <summary>A whole number of pixels.</summary>
    internal int Size(string key, JsonNode? node)
    {
        var number = Number(key, node) ?? throw Wrong(key, "found null; expected a number of pixels");
        if (number is < 1 or > LargestImageSize || number != Math.Floor(number))
            throw Wrong(key, $"found {number}; expected a whole number of pixels from 1 to {LargestImageSize}");
        return (int)number;
    }

    /// <summary>One side of a square, stated as a number, as {"height", "width"}, or under <paramref name="edgeKey"/>.</summary>
    internal int Square(string key, JsonNode node, string? edgeKey)
    {
        if (node is not JsonObject sides) return Size(key, node);
        if (edgeKey is not null && sides[edgeKey] is { } edge && sides.Count == 1) return Size($"{key}.{edgeKey}", edge);
        if (sides["height"] is null || sides["width"] is null)
            throw Wrong(key, $"found {node.ToJsonString()}; expected a number or {{\"height\", \"width\"}}");
        var (height, width) = (Size($"{key}.height", sides["height"]), Size($"{key}.width", sides["width"]));
        return height == width ? height : throw Wrong(key, $"found {height}x{width}; only square images are implemented");
    }

    /// <summary>Throws for a value that is not implemented.</summary>
    internal void Demand(string key, bool fulfilled, string problem)
    {
        if (!fulfilled) throw Wrong(key, problem);
    }

    private ModelFileException Wrong(string key, string problem) => new(_path, $"key '{key}': {problem}.");
}
