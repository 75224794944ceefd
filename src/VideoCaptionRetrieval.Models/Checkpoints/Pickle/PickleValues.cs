
namespace VideoCaptionRetrieval.Models.Checkpoints.Pickle;

// Python's other values are: None = null, bool, int = long or BigInteger, float = double, str = string, bytes = byte[],
// tuple = object?[], list and set = List<object?>.

/// <summary>A dictionary. Only entries whose key is a string are kept: others name no tensor.</summary>
internal sealed class PickleDictionary
{
    internal OrderedDictionary<string, object?> Entries { get; } = new(StringComparer.Ordinal);

    internal void Set(object? key, object? value)
    {
        if (key is string name) Entries[name] = value;
    }
}

/// <summary>An object of a TorchScript archive: its class is a name, its state what the archive says; none of its code is read.</summary>
internal sealed class PickleModule
{
    internal PickleDictionary Attributes { get; set; } = new();
}

/// <summary>A storage: a run of values in the file that tensors share.</summary>
/// <param name="Key">Names it in the file.</param>
/// <param name="Type">Element type; null where the storage is plain bytes.</param>
/// <param name="Count">Elements, as the pickle claims.</param>
/// <param name="Start">The element where it starts, for a view of another storage (first formats).</param>
internal sealed record PickleStorage(string Key, TensorType? Type, long Count, long Start = 0);

/// <summary>A tensor as the pickle describes it; nothing of it has been checked against the file.</summary>
internal sealed record PickleTensor(PickleStorage Storage, TensorType Type, long Offset, long[] Shape, long[] Strides);
