namespace VideoCaptionRetrieval.Models.Checkpoints.Pickle;

/// <summary>
/// Reads one file of PyTorch in any of its formats: locates the network's tensors and leaves out an optimiser's.
/// </summary>
internal sealed class TorchFile : WeightsFile
{
    private const int SharedFactor = 4;
    private const long SharedBytes = 1 << 20;

    private TorchFile(string path, IReadOnlyDictionary<string, TensorEntry> entries, bool scripted, bool wrapped)
        : base(path, entries) => (Scripted, Wrapped) = (scripted, wrapped);

    /// <summary>Whether the file is a TorchScript archive.</summary>
    internal bool Scripted { get; }

    /// <summary>Whether the file is a training checkpoint, with a state dict among other things.</summary>
    internal bool Wrapped { get; }

    internal override WeightsFile WithoutPrefix(string prefix) => new TorchFile(Path, Unprefixed(prefix), Scripted, Wrapped);

    /// <summary>Opens a zip, as PyTorch 1.6 and later write it.</summary>
    /// <exception cref="ModelFileException">The file is damaged, or not only tensors.</exception>
    internal static TorchFile OpenZip(string path)
    {
        using var zip = new TorchZip(path);
        return Open(path, zip.ReadObject(), zip, zip.Scripted);
    }

    /// <summary>Opens a pickle, as PyTorch wrote it before 1.6.</summary>
    /// <exception cref="ModelFileException">The file is damaged, or not only tensors.</exception>
    internal static TorchFile OpenLegacy(string path)
    {
        var legacy = new TorchLegacy(path);
        return Open(path, legacy.Object, legacy, scripted: false);
    }

    private static TorchFile Open(string path, object? saved, ITensorStorage storages, bool scripted)
    {
        var placement = new TensorPlacement(path, storages);
        var entries = StateDictionary.Find(path, saved, out var wrapped)
            .ToDictionary(tensor => tensor.Key, tensor => placement.Place(tensor.Key, tensor.Value), StringComparer.Ordinal);
        // Tensors may share storages, as tied weights do; a file of views that expand to any amount of memory is refused.
        var (total, length) = (entries.Values.Sum(entry => (double)entry.Length), LinkTarget.Length(path));
        if (total > (SharedFactor * (double)length) + SharedBytes)
        {
            throw new ModelFileException(path, Invariant($"its {entries.Count} tensors take {total:0} bytes, but the file has {length}; ")
                + "a checkpoint's tensors do not share that much.");
        }
        return new(path, entries, scripted, wrapped);
    }
}
