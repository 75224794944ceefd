namespace VideoCaptionRetrieval.Models.Checkpoints.Pickle;

/// <summary>
/// Finds a network's tensors by name in a saved object: a state dict, a training checkpoint with one, or a TorchScript module.
/// </summary>
internal static class StateDictionary
{
    private const int MaximumDepth = 64;
    private const int MaximumModules = 100_000;
    private const string ParallelPrefix = "module.";        // DistributedDataParallel's prefix of every name
    private static readonly string[] Wrappers = ["state_dict", "model", "model_state_dict"];

    /// <summary>Finds the tensors by name, in the order of the file.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="saved">The unpickled object.</param>
    /// <param name="wrapped">
    /// Whether it was a training checkpoint: the state dict was nested, or its names had a prefix, which is removed.
    /// </param>
    /// <exception cref="ModelFileException">There are none.</exception>
    internal static IReadOnlyDictionary<string, PickleTensor> Find(string path, object? saved, out bool wrapped)
    {
        wrapped = false;
        if (saved is PickleModule module) return Flatten(path, module);
        if (saved is not PickleDictionary root) throw Nothing(path, $"it holds {PickleStack.Describe(saved)}");
        var tensors = Tensors(root);
        foreach (var wrapper in Wrappers)
        {
            if (tensors.Count > 0) break;
            if (root.Entries.GetValueOrDefault(wrapper) is not PickleDictionary inner) continue;
            (tensors, wrapped) = (Tensors(inner), true);
        }
        if (tensors.Count == 0)
            throw Nothing(path, $"it holds a dictionary with the keys '{string.Join("', '", root.Entries.Keys.Take(5))}'");
        if (!tensors.Keys.All(name => name.StartsWith(ParallelPrefix, StringComparison.Ordinal))) return tensors;
        wrapped = true;
        return tensors.ToDictionary(tensor => tensor.Key[ParallelPrefix.Length..], tensor => tensor.Value, StringComparer.Ordinal);
    }

    private static Dictionary<string, PickleTensor> Tensors(PickleDictionary dictionary) => dictionary.Entries
        .Where(entry => entry.Value is PickleTensor)
        .ToDictionary(entry => entry.Key, entry => (PickleTensor)entry.Value!, StringComparer.Ordinal);

    /// <summary>Collects the tensors of a module and its parts; names are attribute paths joined by dots.</summary>
    private static Dictionary<string, PickleTensor> Flatten(string path, PickleModule root)
    {
        var tensors = new Dictionary<string, PickleTensor>(StringComparer.Ordinal);
        var open = new Stack<(string Prefix, int Depth, PickleModule Module)>([("", 0, root)]);
        for (var visited = 0; open.TryPop(out var next); visited++)
        {
            if (visited == MaximumModules || next.Depth > MaximumDepth)
                throw new ModelFileException(path,
                    $"its modules are nested deeper than {MaximumDepth} levels, or are more than {MaximumModules}.");
            foreach (var (name, value) in next.Module.Attributes.Entries)
            {
                if (value is PickleTensor tensor) tensors[next.Prefix + name] = tensor;
                if (value is PickleModule inner) open.Push(($"{next.Prefix}{name}.", next.Depth + 1, inner));
            }
        }
        return tensors.Count > 0 ? tensors : throw Nothing(path, "it holds a TorchScript module without any");
    }

    private static ModelFileException Nothing(string path, string found) => new(path,
        $"no tensors by name: {found}; expected a state dict, or a dictionary with one under '{string.Join("' or '", Wrappers)}'.");
}
