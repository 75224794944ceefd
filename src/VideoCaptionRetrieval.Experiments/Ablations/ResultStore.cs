using System.Collections.Concurrent;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using VideoCaptionRetrieval.Models.Checkpoints;

namespace VideoCaptionRetrieval.Experiments.Ablations;

/// <summary>
/// Results of conditions on disk, so that none is computed twice: one JSON file each, named by a hash of all that it depends on, with the version of
/// the code that computed it. Those of other versions are taken too, and that is said. Thread-safe.
/// </summary>
/// <param name="folder">Made where it does not exist.</param>
/// <param name="progress">Takes lines for people.</param>
internal sealed class ResultStore(string folder, IProgress<string>? progress = null)
{
    private static readonly string _code = typeof(ResultStore).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
    private readonly ConcurrentDictionary<string, bool> _said = [];

    private static readonly JsonSerializerOptions _json = new()
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new SelectionRuleNames(), new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <summary>The result that is kept under a key, or a new one, which is then kept.</summary>
    /// <param name="key">All that the result depends on: it is written as JSON.</param>
    /// <param name="make">Computes it.</param>
    internal T Get<T>(object key, Func<T> make)
    {
        var text = JsonSerializer.Serialize(key, _json);
        var path = Path.Combine(folder, $"{Fingerprint.Compute(text)}.json");
        if (File.Exists(path)) return Read<T>(path);
        var value = make();
        Directory.CreateDirectory(folder);
        AtomicFile.Create(path, temporary => File.WriteAllText(temporary, JsonSerializer.Serialize(new Entry<T>(text, value, _code), _json)));
        return value;
    }

    private T Read<T>(string path)
    {
        try
        {
            var entry = JsonSerializer.Deserialize<Entry<T>>(File.ReadAllText(path), _json)!;
            if (entry.Code != _code) Say(entry.Code);
            return entry.Result;
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"'{path}' holds no result that can be read ({e.Message}). Delete it, and it is computed again.", e);
        }
    }

    private void Say(string? code)
    {
        var version = code is null ? "a version that did not say which" : $"version {code}";
        if (_said.TryAdd(version, true))
            progress?.Report($"'{folder}' holds results that {version} of the code computed; this is {_code}. They are taken as they are; delete them to compute anew.");
    }

    private sealed record Entry<T>(string Key, T Result, string? Code = null);
}

/// <summary>Short names for contents: the first half of a SHA-256, in hexadecimal.</summary>
internal static class Fingerprint
{
    private const int Bytes = 16;

    internal static string Compute(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, Bytes));
}
