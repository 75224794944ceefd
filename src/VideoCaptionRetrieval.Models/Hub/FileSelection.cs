using System.IO.Enumeration;
using System.Text.RegularExpressions;

namespace VideoCaptionRetrieval.Models.Hub;

/// <summary>Chooses the files of a repository that make one checkpoint: the weights once, in the safest format, and the files beside them.</summary>
internal static partial class FileSelection
{
    private const int MaxListed = 20;

    private static readonly string[] _sideFiles =
    [
        "config.json", "generation_config.json", "preprocessor_config.json", "processor_config.json", "tokenizer.json",
        "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json", "vocab.json", "merges.txt", "vocab.txt",
    ];

    // In order of preference: formats that hold no code first, Hugging Face's layout before open_clip's.
    private static readonly string[][] _weights =
    [
        ["model.safetensors"], ["model.safetensors.index.json"],
        ["open_clip_model.safetensors", OpenClip], ["open_clip_pytorch_model.safetensors", OpenClip],
        ["pytorch_model.bin"], ["pytorch_model.bin.index.json"], ["open_clip_pytorch_model.bin", OpenClip],
        ["onnx/text_model.onnx", "onnx/vision_model.onnx"], ["onnx/model.onnx"],
    ];

    private const string OpenClip = "open_clip_config.json";

    private static readonly string[] _weightEndings = [".safetensors", ".bin", ".pt", ".pth", ".onnx", ".onnx_data", ".onnx.data"];

    /// <summary>Chooses the files to fetch, weights last.</summary>
    /// <param name="snapshot">The repository's files.</param>
    /// <param name="patterns">Patterns of further files, with * and ?, such as 'onnx/*_quantized.onnx'.</param>
    /// <exception cref="HubException">The repository holds no weights, or a pattern matches nothing.</exception>
    internal static IReadOnlyList<HubFile> Choose(HubSnapshot snapshot, IReadOnlyList<string> patterns)
    {
        var byName = snapshot.Files.ToLookup(file => file.Name, StringComparer.Ordinal);
        var more = patterns.SelectMany(pattern => Matching(snapshot, pattern));
        var names = Weights(snapshot, byName).Concat(more).Concat(_sideFiles).ToHashSet(StringComparer.Ordinal);
        var chosen = snapshot.Files.Where(file => names.Contains(file.Name))
            .OrderBy(file => IsWeights(file.Name)).ThenBy(file => file.Name, StringComparer.Ordinal).ToList();
        foreach (var file in chosen) RemoteFileName.Check(snapshot.Source, file.Name);
        var twice = chosen.GroupBy(file => file.Name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(group => group.Count() > 1);
        return twice is null ? chosen : throw new HubException($"'{snapshot.Source}' lists '{twice.Key}' twice; expected every name once.");
    }

    /// <summary>Whether a name has an extension of weights.</summary>
    internal static bool IsWeights(string name) => _weightEndings.Any(ending => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase));

    private static IEnumerable<string> Weights(HubSnapshot snapshot, ILookup<string, HubFile> byName)
    {
        var known = _weights.FirstOrDefault(names => names.All(name => name == OpenClip || byName.Contains(name)));
        if (known is not null) return known.Concat(Parts(snapshot, known));
        var single = snapshot.Files.Where(file => !file.Name.Contains('/', StringComparison.Ordinal) && IsWeights(file.Name)).Select(file => file.Name).ToList();
        if (single.Count == 1) return single;
        var listed = string.Join(", ", snapshot.Files.Select(file => $"'{file.Name}'").Take(MaxListed));
        var found = single.Count == 0 ? "no weights that are known here" : $"{single.Count} files of weights";
        throw new HubException($"'{snapshot.Source}' holds {found}: {listed}{(snapshot.Files.Count > MaxListed ? ", …" : "")}. "
            + "Expected model.safetensors, pytorch_model.bin, open_clip or ONNX files.");
    }

    /// <summary>Lists the shards of an index, and the data files of ONNX graphs.</summary>
    private static IEnumerable<string> Parts(HubSnapshot snapshot, string[] known)
    {
        var names = snapshot.Files.Select(file => file.Name);
        if (known[0].EndsWith(".onnx", StringComparison.Ordinal))
            return names.Where(name => known.Any(graph => name == graph + "_data" || name == graph + ".data"));
        if (!known[0].EndsWith(".index.json", StringComparison.Ordinal)) return [];
        var safe = known[0].StartsWith("model.", StringComparison.Ordinal);
        var shards = names.Select(name => (safe ? SafeShard : BinaryShard).Match(name)).Where(shard => shard.Success).ToList();
        var count = shards.Count == 0 ? 0 : int.Parse(shards[0].Groups[1].ValueSpan, System.Globalization.CultureInfo.InvariantCulture);
        return count > 0 && shards.Count == count
            ? shards.Select(shard => shard.Value)
            : throw new HubException($"'{snapshot.Source}': found {shards.Count} shards of '{known[0]}', expected {Math.Max(count, 1)}.");
    }

    private static List<string> Matching(HubSnapshot snapshot, string pattern)
    {
        var found = snapshot.Files.Select(file => file.Name)
            .Where(name => FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false)).ToList();
        return found.Count > 0 ? found : throw new HubException($"'{snapshot.Source}' holds no file that fits '{pattern}'.");
    }

    [GeneratedRegex(@"^model-[0-9]{5}-of-([0-9]{5})\.safetensors\z", RegexOptions.CultureInvariant)]
    private static partial Regex SafeShard { get; }

    [GeneratedRegex(@"^pytorch_model-[0-9]{5}-of-([0-9]{5})\.bin\z", RegexOptions.CultureInvariant)]
    private static partial Regex BinaryShard { get; }
}
