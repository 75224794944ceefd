using System.Text;

namespace VideoCaptionRetrieval.Models.Checkpoints.Pickle;

/// <summary>Evaluates the few calls that a pickle of tensors makes; each only combines its operands.</summary>
internal sealed class PickleCalls(string path, PickleCursor cursor, PickleBudget budget)
{
    private const int MaximumDimensions = 16;

    /// <summary>Evaluates REDUCE: a call.</summary>
    internal object? Call(object? target, object? operands)
    {
        if (target is not PickleGlobal global) throw PickleGlobal.Refused(path, $"a call of {PickleStack.Describe(target)}");
        if (operands is not object[] given) throw Unexpected(global, operands);
        return global.Meaning switch
        {
            PickleMeaning.OrderedDictionary => Dictionary(global, given),
            PickleMeaning.Set when given is [] => new List<object?>(),
            PickleMeaning.Set or PickleMeaning.List when given is [List<object?> list] => list,
            PickleMeaning.ByteArray when given is [] => Array.Empty<byte>(),
            PickleMeaning.ByteArray when given is [byte[] bytes] => bytes,
            PickleMeaning.EncodedText when given is [string text, "latin1"] => Encode(text),
            PickleMeaning.Size when given is [object[] size] => size,
            PickleMeaning.Device when given is [string device, ..] => device,
            PickleMeaning.Tagged or PickleMeaning.Parameter when given is [{ } value, ..] => value,
            PickleMeaning.Tensor => Tensor(global, given),
            PickleMeaning.TensorWithType when given is [_, _, _, _, _, _, PickleGlobal { Meaning: PickleMeaning.ElementType } type, ..] =>
                Tensor(global, given, type.Type),
            PickleMeaning.Module when given is [] => new PickleModule(),
            _ => throw Unexpected(global, given),
        };
    }

    /// <summary>Evaluates BUILD: sets the state of an object.</summary>
    internal void Build(object? target, object? state)
    {
        if (state is not PickleDictionary attributes)
            throw PickleGlobal.Refused(path, $"an object whose state is {PickleStack.Describe(state)}");
        if (target is PickleModule module) module.Attributes = attributes;
        // An ordered dictionary may have attributes, such as a state dict's _metadata; they hold no tensors.
        else if (target is not PickleDictionary) throw PickleGlobal.Refused(path, $"a state of {PickleStack.Describe(target)}");
    }

    /// <summary>Reads a persistent id: ('storage', type, key, location, count), in the first formats with (view's key, offset, count).</summary>
    internal PickleStorage Storage(object? id)
    {
        var parts = id as object?[] ?? [];
        if (parts is ["storage", PickleGlobal { Meaning: PickleMeaning.Storage } type, string key, string, long count, .. var more])
        {
            if (more is [] or [null]) return new(key, type.Type, count);
            if (more is [object[] and [string, long start, long length]]) return new(key, type.Type, length, start);
        }
        throw PickleGlobal.Refused(path, parts is [string kind, ..] ? $"an object of kind '{kind}' from elsewhere" : "an object from elsewhere");
    }

    private PickleDictionary Dictionary(PickleGlobal global, object?[] given)
    {
        var dictionary = new PickleDictionary();
        if (given is []) return dictionary;
        if (given is not [List<object?> pairs]) throw Unexpected(global, given);
        budget.Objects(pairs.Count);
        foreach (var pair in pairs)
        {
            var (key, value) = pair switch
            {
                object[] and [var first, var second] => (first, second),
                List<object?> { Count: 2 } list => (list[0], list[1]),
                _ => throw Unexpected(global, given),
            };
            dictionary.Set(key, value);
        }
        return dictionary;
    }

    private byte[] Encode(string text)
    {
        budget.Bytes(text.Length);
        return Encoding.Latin1.GetBytes(text);
    }

    private PickleTensor Tensor(PickleGlobal global, object?[] given, TensorType? type = null)
    {
        if (given is not [PickleStorage storage, long offset, object[] shape, object[] strides, ..]) throw Unexpected(global, given);
        if (shape.Length > MaximumDimensions || strides.Length != shape.Length)
            throw cursor.Damaged($"describes a tensor with {shape.Length} sizes and {strides.Length} strides");
        budget.Objects(shape.Length);
        return new(storage, type ?? storage.Type ?? TensorType.Byte, offset, Numbers(global, shape), Numbers(global, strides));
    }

    private long[] Numbers(PickleGlobal global, object?[] values) =>
        [.. values.Select(value => value is long number ? number : throw Unexpected(global, values))];

    private ModelFileException Unexpected(PickleGlobal global, object? given)
    {
        var operands = given is object[] values
            ? string.Join(", ", values.Take(MaximumDimensions).Select(PickleStack.Describe))
            : PickleStack.Describe(given);
        return cursor.Damaged($"calls '{global.Name}' with ({operands}), which is not implemented");
    }
}
