
namespace VideoCaptionRetrieval.Models.Checkpoints.Formats;

/// <summary>
/// Opens weights in several files: the index is JSON, {"weight_map": {tensor: file}}, and the files (shards) lie beside it, each in any format.
/// </summary>
internal static class WeightsIndex
{
    private const string Map = "weight_map";
    private const int MaximumBytes = 64 << 20;

    /// <exception cref="ModelFileException">The index or a shard is missing or damaged, or they do not belong together.</exception>
    internal static WeightsFile Open(string path)
    {
        var map = Read(path);
        var entries = new Dictionary<string, TensorEntry>(StringComparer.Ordinal);
        foreach (var shard in map.GroupBy(tensor => tensor.Value, tensor => tensor.Key, StringComparer.Ordinal))
        {
            var file = Locate(path, shard.Key);
            if (WeightsFormats.IsIndex(file))
                throw new ModelFileException(file, $"the file is an index itself; '{path}' names it as weights.");
            using var weights = WeightsFormats.OpenStored(file);
            foreach (var name in shard)
            {
                if (!weights.Entries.ContainsKey(name))
                    throw new ModelFileException(file, $"tensor '{name}' is missing; '{path}' says that it is there. Download both again.");
            }
            // Unlisted tensors are kept, so that the check of the network reports them.
            foreach (var (name, entry) in weights.Entries)
                if (map.GetValueOrDefault(name, shard.Key) == shard.Key) entries[name] = entry;
        }
        return new(path, entries);
    }

    /// <summary>Lists the paths of the shards in ordinal order.</summary>
    /// <exception cref="ModelFileException">The index is damaged, or names a file that is not beside it.</exception>
    internal static IReadOnlyList<string> Shards(string path) =>
        [.. Read(path).Values.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(name => Locate(path, name))];

    private static Dictionary<string, string> Read(string path)
    {
        if (LinkTarget.Length(path) is var length and > MaximumBytes)
            throw new ModelFileException(path, $"the index has {length} bytes; at most {MaximumBytes} are expected.");
        var index = ConfigurationSection.Read(path);
        if (!index.HasSection(Map)) throw index.Unexpected(Map, "an object that names the file of each tensor (an index of weights)");
        var map = index.Section(Map);
        return map.Keys.Distinct(StringComparer.Ordinal).ToDictionary(name => name, name => map.Text(name, ""), StringComparer.Ordinal);
    }

    private static string Locate(string index, string name)
    {
        if (name.Length == 0 || name is "." or ".." || name.AsSpan().ContainsAny('/', '\\', '\0') || Path.IsPathRooted(name))
            throw new ModelFileException(index, $"it names the file '{name}'; expected the name of a file beside it.");
        var file = Path.Combine(Path.GetDirectoryName(index) ?? "", name);
        return File.Exists(file) ? file : throw new ModelFileException(file,
            $"the file does not exist; '{index}' names it as part of the weights. Download it.");
    }
}
