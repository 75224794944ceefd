using System.Text.Json;

namespace VideoCaptionRetrieval.Models.Checkpoints;

/// <summary>
/// One object of a model's JSON configuration, read strictly: a missing (or null) key takes the default that the caller names,
/// a value of another type or out of range is an error that names file, key, value and what is implemented.
/// </summary>
internal sealed class ConfigurationSection
{
    private readonly JsonElement _json;
    private readonly string _prefix;

    private ConfigurationSection(string path, JsonElement json, string prefix) => (Path, _json, _prefix) = (path, json, prefix);

    /// <summary>The file, for messages.</summary>
    internal string Path { get; }

    /// <summary>Reads a file whose root is a JSON object.</summary>
    internal static ConfigurationSection Read(string path)
    {
        if (!File.Exists(path)) throw new ModelFileException(path, "the file does not exist; expected the model's configuration.");
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            if (document.RootElement.ValueKind == JsonValueKind.Object) return new(path, document.RootElement.Clone(), "");
        }
        catch (JsonException e)
        {
            throw new ModelFileException(path, $"line {e.LineNumber + 1} is not JSON ({e.Message})", e);
        }
        throw new ModelFileException(path, "the root is not a JSON object; expected the model's configuration.");
    }

    internal bool Has(string key) => _json.TryGetProperty(key, out var value) && value.ValueKind != JsonValueKind.Null;

    internal bool HasSection(string key) => _json.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.Object;

    /// <summary>An inner object; empty where the key is missing.</summary>
    internal ConfigurationSection Section(string key)
    {
        if (!Has(key)) return new(Path, JsonElement.Parse("{}"), $"{_prefix}{key}.");
        var value = _json.GetProperty(key);
        return value.ValueKind == JsonValueKind.Object ? new(Path, value, $"{_prefix}{key}.") : throw Unexpected(key, "an object");
    }

    internal int Integer(string key, int missing, int minimum = 1)
    {
        if (!Has(key)) return missing;
        return _json.GetProperty(key) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt32(out var number) && number >= minimum
            ? number
            : throw Unexpected(key, $"an integer of at least {minimum}");
    }

    internal double Number(string key, double missing)
    {
        if (!Has(key)) return missing;
        return _json.GetProperty(key) is { ValueKind: JsonValueKind.Number } value && double.IsFinite(value.GetDouble())
            ? value.GetDouble()
            : throw Unexpected(key, "a finite number");
    }

    internal bool Flag(string key, bool missing)
    {
        if (!Has(key)) return missing;
        return _json.GetProperty(key) is { ValueKind: JsonValueKind.True or JsonValueKind.False } value
            ? value.GetBoolean()
            : throw Unexpected(key, "true or false");
    }

    internal string Text(string key, string missing)
    {
        if (!Has(key)) return missing;
        return _json.GetProperty(key) is { ValueKind: JsonValueKind.String } value ? value.GetString()! : throw Unexpected(key, "a string");
    }

    /// <summary>A string that must be one of the names in <paramref name="values"/>.</summary>
    internal T Choice<T>(string key, string missing, IReadOnlyDictionary<string, T> values)
    {
        var name = Text(key, missing);
        return values.TryGetValue(name, out var value) ? value : throw Unexpected(key, $"one of '{string.Join("', '", values.Keys)}'");
    }

    /// <summary>The error for a value that is not implemented.</summary>
    internal ModelFileException Unexpected(string key, string implemented) => new(Path,
        $"'{_prefix}{key}' is {(_json.TryGetProperty(key, out var value) ? $"'{value}'" : "missing")}; implemented: {implemented}.");
}
