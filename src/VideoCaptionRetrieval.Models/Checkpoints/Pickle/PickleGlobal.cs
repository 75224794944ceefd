
namespace VideoCaptionRetrieval.Models.Checkpoints.Pickle;

/// <summary>Meaning of a name in a pickle. All are implemented here; no type or function is looked up by name at run time.</summary>
internal enum PickleMeaning
{
    OrderedDictionary, Set, ByteArray, EncodedText, Size, Device, List, Tagged,
    Tensor, TensorWithType, Parameter, Storage, ElementType, Module,
}

/// <summary>A global name in a pickle.</summary>
/// <param name="Name">Module and name, separated by a dot.</param>
/// <param name="Meaning">What the name means.</param>
/// <param name="Type">The element type, for storages and element types; null for storages of plain bytes.</param>
internal sealed record PickleGlobal(string Name, PickleMeaning Meaning, TensorType? Type = null)
{
    private const string ScriptPrefix = "__torch__.";

    private static readonly (string Names, TensorType Type)[] Types =
    [
        ("FloatStorage float32 float", TensorType.Float32), ("DoubleStorage float64 double", TensorType.Float64),
        ("HalfStorage float16 half", TensorType.Float16), ("BFloat16Storage bfloat16", TensorType.BFloat16),
        ("LongStorage int64 long", TensorType.Int64), ("IntStorage int32 int", TensorType.Int32),
        ("ShortStorage int16 short", TensorType.Int16), ("CharStorage int8", TensorType.Int8),
        ("ByteStorage uint8", TensorType.Byte), ("BoolStorage bool", TensorType.Bool),
    ];

    // After Types, which it reads.
    private static readonly Dictionary<string, PickleGlobal> Known = List().ToDictionary(known => known.Name, StringComparer.Ordinal);

    /// <summary>Finds the meaning of a name, or refuses the file.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="name">Module and name, separated by a dot.</param>
    /// <param name="scripted">Whether the file is a TorchScript archive, which names classes of its own.</param>
    internal static PickleGlobal Find(string path, string name, bool scripted)
    {
        if (Known.TryGetValue(name, out var known)) return known;
        return scripted && name.StartsWith(ScriptPrefix, StringComparison.Ordinal) ? new(name, PickleMeaning.Module) : throw Refused(path, $"'{name}'");
    }

    internal static ModelFileException Refused(string path, string what) => new(path,
        $"the pickle asks for {what}, so the file is not only tensors; expected tensors, numbers, texts and collections of them. "
        + "Nothing of it was run. If you trust its source, save its state dict alone, or as safetensors.");

    private static IEnumerable<PickleGlobal> List()
    {
        yield return new("collections.OrderedDict", PickleMeaning.OrderedDictionary);
        foreach (var module in new[] { "builtins", "__builtin__" })     // Python 3 and 2
        {
            yield return new($"{module}.set", PickleMeaning.Set);
            yield return new($"{module}.frozenset", PickleMeaning.Set);
            yield return new($"{module}.bytearray", PickleMeaning.ByteArray);
        }
        yield return new("_codecs.encode", PickleMeaning.EncodedText);      // how protocol 2 writes bytes
        yield return new("torch.Size", PickleMeaning.Size);
        yield return new("torch.device", PickleMeaning.Device);
        yield return new("torch._utils._rebuild_tensor", PickleMeaning.Tensor);
        yield return new("torch._utils._rebuild_tensor_v2", PickleMeaning.Tensor);
        yield return new("torch._utils._rebuild_tensor_v3", PickleMeaning.TensorWithType);
        yield return new("torch._utils._rebuild_parameter", PickleMeaning.Parameter);
        yield return new("torch._utils._rebuild_parameter_with_state", PickleMeaning.Parameter);
        foreach (var kind in new[] { "int", "double", "bool", "tensor" })
            yield return new($"torch.jit._pickle.build_{kind}list", PickleMeaning.List);
        yield return new("torch.jit._pickle.restore_type_tag", PickleMeaning.Tagged);
        foreach (var name in new[] { "torch.storage.UntypedStorage", "torch.storage._UntypedStorage", "torch.UntypedStorage" })
            yield return new(name, PickleMeaning.Storage);
        foreach (var (names, type) in Types)
            foreach (var name in names.Split(' '))
            {
                yield return new($"torch.{name}", char.IsUpper(name[0]) ? PickleMeaning.Storage : PickleMeaning.ElementType, type);
                if (char.IsUpper(name[0])) yield return new($"torch.cuda.{name}", PickleMeaning.Storage, type);
            }
    }
}
