using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace VideoCaptionRetrieval.Interop;

/// <summary>
/// Writes and reads the settings of one component in a saved model: the entry settings.json, one object with the version of the library that wrote it and
/// every setting by name. A missing name takes its default; an unknown name or value is an error.
/// </summary>
internal static class SavedSettings
{
    private const string EntryName = "settings.json";
    private const string LibraryVersionName = "libraryVersion";

    private static readonly JsonWriterOptions Readable = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <summary>The version of this library, such as 0.1.0.</summary>
    internal static string LibraryVersion { get; } =
        typeof(SavedSettings).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    /// <summary>Writes every setting, also those at their defaults.</summary>
    internal static void Write<T>(ModelWriter writer, T settings, JsonTypeInfo<T> type) where T : class
    {
        var names = JsonSerializer.SerializeToNode(settings, type)!.AsObject();
        names.Insert(0, LibraryVersionName, LibraryVersion);
        writer.WriteStream(EntryName, stream =>
        {
            using var json = new Utf8JsonWriter(stream, Readable);
            names.WriteTo(json);
        });
    }

    /// <summary>Reads what <see cref="Write"/> wrote, in this version of the library or another.</summary>
    /// <param name="reader">The component's part of the model.</param>
    /// <param name="type">The settings.</param>
    /// <param name="obsolete">Settings of earlier versions that have no effect any more; their values are ignored.</param>
    /// <exception cref="InvalidDataException">A name or value is unknown, or the text is damaged.</exception>
    internal static T Read<T>(ModelReader reader, JsonTypeInfo<T> type, params IEnumerable<string> obsolete) where T : class
    {
        var wrote = "An unknown version";
        try
        {
            JsonNode? json = null;
            reader.ReadStream(EntryName, stream => json = JsonNode.Parse(stream, documentOptions: Strict));
            var names = json as JsonObject ?? throw new JsonException("It is no JSON object.");
            if (names.Remove(LibraryVersionName, out var version) && version is not null) wrote = $"Version {version}";
            foreach (var name in obsolete) names.Remove(name);
            string[] unknown = [.. UnknownNames(names, type)];
            if (unknown.Length == 0) return names.Deserialize(type)!;
            throw Fault(reader, wrote, $"this version of the library does not know the setting {string.Join(", ", unknown)}.");
        }
        catch (JsonException e)
        {
            throw Fault(reader, wrote, e.Path is { Length: > 2 } path ? $"the setting '{path[2..]}': {e.Message}" : e.Message, e);
        }
    }

    /// <summary>The names, with their values, that no property of the type has.</summary>
    private static IEnumerable<string> UnknownNames(JsonNode? json, JsonTypeInfo type) => (json, type.Kind) switch
    {
        (JsonObject names, JsonTypeInfoKind.Object) => names.SelectMany(named =>
            type.Properties.FirstOrDefault(property => property.Name == named.Key) is { } known
                ? UnknownNames(named.Value, type.Options.GetTypeInfo(known.PropertyType))
                : [$"'{$"{names.GetPath()}.{named.Key}"[2..]}' ({named.Value?.ToJsonString() ?? "null"})"]),
        (JsonArray items, JsonTypeInfoKind.Enumerable) => items.SelectMany(item => UnknownNames(item, type.Options.GetTypeInfo(type.ElementType!))),
        _ => [],
    };

    private static InvalidDataException Fault(ModelReader reader, string wrote, string problem, Exception? cause = null) => new(
        $"The saved settings of '{reader.Component}' cannot be read: {problem} {wrote} of the library wrote them, this is version "
        + $"{LibraryVersion}: load the model with the version that wrote it or a newer one, or make it anew.", cause);
}

/// <summary>
/// Writes an enum by name, 'query-scoring' for QueryScoring or what a <see cref="JsonStringEnumMemberNameAttribute"/> says, and reads no
/// other text and no number.
/// </summary>
internal sealed class NamedEnum<T> : JsonConverter<T> where T : struct, Enum
{
    private static readonly Dictionary<T, string> Names = Enum.GetValues<T>().ToDictionary(value => value, value =>
        typeof(T).GetField(value.ToString())!.GetCustomAttribute<JsonStringEnumMemberNameAttribute>()?.Name
        ?? JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString()));

    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var found = JsonDocument.ParseValue(ref reader);
        foreach (var (value, name) in Names)
            if (found.RootElement is { ValueKind: JsonValueKind.String } text && text.ValueEquals(name)) return value;
        var expected = string.Join(", ", Names.Values.Select(name => $"\"{name}\""));
        throw new JsonException($"It is {found.RootElement.GetRawText()}; expected one of {expected}.");
    }

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
        writer.WriteStringValue(Names.TryGetValue(value, out var name)
            ? name
            : throw new ArgumentOutOfRangeException(nameof(value), value, $"'{value}' is no {typeof(T).Name}; it cannot be saved."));
}
