using System.Text.Json;

namespace VideoCaptionRetrieval.Models.Checkpoints;

/// <summary>
/// Reads one object of a model's JSON configuration strictly: a missing (or null) key takes the caller's default, a value of another type or
/// out of range is an error that names file, key, value and what is implemented.
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
            using var document = JsonDocument.Parse(JsonFile.Read(path));
            CheckTexts(document.RootElement);
            if (document.RootElement.ValueKind == JsonValueKind.Object) return new(path, document.RootElement.Clone(), "");
        }
        catch (InvalidOperationException e)
        {
            throw new ModelFileException(path, $"a text in it is not Unicode ({e.Message})", e);
        }
        catch (JsonException e)
        {
            throw new ModelFileException(path, $"line {e.LineNumber + 1} is not JSON ({e.Message})", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ModelFileException(path, $"the file cannot be read ({e.Message})", e);
        }
        throw new ModelFileException(path, "the root is not a JSON object; expected the model's configuration.");
    }

    /// <summary>Decodes all texts once, because the parser decodes on access and fails only then.</summary>
    private static void CheckTexts(JsonElement json)
    {
        if (json.ValueKind == JsonValueKind.String) _ = json.GetString();
        if (json.ValueKind == JsonValueKind.Array)
            foreach (var item in json.EnumerateArray()) CheckTexts(item);
        if (json.ValueKind != JsonValueKind.Object) return;
        foreach (var property in json.EnumerateObject())
        {
            _ = property.Name;
            CheckTexts(property.Value);
        }
    }

    internal bool Has(string key) => _json.TryGetProperty(key, out var value) && value.ValueKind != JsonValueKind.Null;

    /// <summary>Lists the keys in the order of the file.</summary>
    internal IEnumerable<string> Keys => _json.EnumerateObject().Select(property => property.Name);

    internal bool HasSection(string key) => _json.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.Object;

    internal bool HasArray(string key) => _json.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.Array;

    /// <summary>Number of items of a list.</summary>
    internal int LengthOf(string key) => _json.GetProperty(key).GetArrayLength();

    /// <summary>Whether a key exists with another value than null, false, 0 or an empty text.</summary>
    internal bool IsSet(string key) => Has(key) && _json.GetProperty(key) is var value
        && value.ValueKind != JsonValueKind.False && value.ToString() is not ("0" or "");

    /// <summary>Returns an inner object; an empty one where the key is missing.</summary>
    internal ConfigurationSection Section(string key)
    {
        if (!Has(key)) return new(Path, JsonElement.Parse("{}"), $"{_prefix}{key}.");
        var value = _json.GetProperty(key);
        return value.ValueKind == JsonValueKind.Object ? new(Path, value, $"{_prefix}{key}.") : throw Unexpected(key, "an object");
    }

    internal int Integer(string key, int missing, int minimum = 1, int maximum = int.MaxValue)
    {
        if (!Has(key)) return missing;
        // Python may write a whole number with a fraction of 0.
        var number = TryNumber(_json.GetProperty(key)) ?? double.NaN;
        return number >= minimum && number <= maximum && number == Math.Floor(number)
            ? (int)number
            : throw Unexpected(key,
                maximum == int.MaxValue ? $"an integer of at least {minimum}" : $"an integer from {minimum} to {maximum}");
    }

    internal double Number(string key, double missing) =>
        Has(key) ? TryNumber(_json.GetProperty(key)) ?? throw Unexpected(key, "a finite number") : missing;

    /// <summary>Reads a list of exactly <paramref name="count"/> numbers; null where the key is missing.</summary>
    internal double[]? Numbers(string key, int count)
    {
        if (!Has(key)) return null;
        var numbers = _json.GetProperty(key) is { ValueKind: JsonValueKind.Array } array
            ? array.EnumerateArray().Select(TryNumber).ToArray()
            : [];
        return numbers.Length == count && !numbers.Contains(null)
            ? [.. numbers.OfType<double>()]
            : throw Unexpected(key, $"{count} finite numbers");
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

    /// <summary>Refuses every text but the one that is implemented, which a missing key stands for.</summary>
    /// <exception cref="ModelFileException">The key has another value.</exception>
    internal void RequireText(string key, string implemented)
    {
        if (Text(key, implemented) != implemented) throw Unexpected(key, $"'{implemented}'");
    }

    /// <summary>Reads a string that must be one of the names in <paramref name="values"/>.</summary>
    internal T Choice<T>(string key, string missing, IReadOnlyDictionary<string, T> values)
    {
        var name = Text(key, missing);
        return values.TryGetValue(name, out var value) ? value : throw Unexpected(key, $"one of '{string.Join("', '", values.Keys)}'");
    }

    /// <summary>Creates the error for a value that is not implemented.</summary>
    internal ModelFileException Unexpected(string key, string implemented) => new(Path,
        $"'{_prefix}{key}' is {(_json.TryGetProperty(key, out var value) ? $"'{value}'" : "missing")}; implemented: {implemented}.");

    private static double? TryNumber(JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && double.IsFinite(value.GetDouble()) ? value.GetDouble() : null;
}
