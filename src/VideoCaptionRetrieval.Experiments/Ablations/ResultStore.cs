using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using VideoCaptionRetrieval.Models.Checkpoints;

namespace VideoCaptionRetrieval.Experiments.Ablations;

/// <summary>
/// Results of conditions on disk, so that none is computed twice: one JSON file each, named by a hash of all that it depends on. Thread-safe.
/// </summary>
/// <param name="folder">Made where it does not exist.</param>
internal sealed class ResultStore(string folder)
{
    private static readonly JsonSerializerOptions _json = new()
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new SelectionRuleNames(), new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <summary>The result that is kept under a key, or a new one, which is then kept.</summary>
    /// <param name="key">All that the result depends on: it is written as JSON.</param>
    /// <param name="make">Computes it.</param>
    internal T Get<T>(object key, Func<T> make)
    {
        var text = JsonSerializer.Serialize(key, _json);
        var path = Path.Combine(folder, $"{Fingerprint.Of(text)}.json");
        if (File.Exists(path)) return Read<T>(path);
        var value = make();
        Directory.CreateDirectory(folder);
        AtomicFile.Create(path, temporary => File.WriteAllText(temporary, JsonSerializer.Serialize(new Entry<T>(text, value), _json)));
        return value;
    }

    private static T Read<T>(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<Entry<T>>(File.ReadAllText(path), _json)!.Result;
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"'{path}' holds no result that can be read ({e.Message}). Delete it, and it is computed again.", e);
        }
    }

    private sealed record Entry<T>(string Key, T Result);
}

/// <summary>Short names for contents: the first half of a SHA-256, in hexadecimal.</summary>
internal static class Fingerprint
{
    private const int Bytes = 16;

    internal static string Of(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, Bytes));
}
