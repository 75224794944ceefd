
namespace VideoCaptionRetrieval.Models.Checkpoints.Pickle;

// Python's other values are: None = null, bool, int = long or BigInteger, float = double, str = string, bytes = byte[],
// tuple = object?[], list and set = List<object?>.

/// <summary>A dictionary. Only string keys are kept: others name no tensor.</summary>
internal sealed class PickleDictionary
{
    internal OrderedDictionary<string, object?> Entries { get; } = new(StringComparer.Ordinal);

    internal void Set(object? key, object? value)
    {
        if (key is string name) Entries[name] = value;
    }
}

/// <summary>An object of a TorchScript archive, with its state; its class is not loaded, its code is not read.</summary>
internal sealed class PickleModule
{
    internal PickleDictionary Attributes { get; set; } = new();
}

/// <summary>A storage: a block of values in the file that tensors share.</summary>
/// <param name="Key">Name of the storage in the file.</param>
/// <param name="Type">Element type; null where the storage is plain bytes.</param>
/// <param name="Count">Number of elements, as the pickle claims.</param>
/// <param name="Start">Its first element, for a view of another storage (first formats).</param>
internal sealed record PickleStorage(string Key, TensorType? Type, long Count, long Start = 0);

/// <summary>A tensor as the pickle describes it, not yet checked against the file.</summary>
internal sealed record PickleTensor(PickleStorage Storage, TensorType Type, long Offset, long[] Shape, long[] Strides);
