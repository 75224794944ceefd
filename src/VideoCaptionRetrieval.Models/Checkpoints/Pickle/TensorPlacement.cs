using System.Numerics;

namespace VideoCaptionRetrieval.Models.Checkpoints.Pickle;

/// <summary>Locates the storages of a file.</summary>
internal interface ITensorStorage
{
    /// <summary>Finds a storage.</summary>
    /// <param name="key">Its name in the file.</param>
    /// <param name="tensor">Name of the tensor, for messages.</param>
    /// <returns>Offset of its first byte in the file, and its length in bytes; both within the file.</returns>
    /// <exception cref="ModelFileException">The file does not hold it, or holds it compressed.</exception>
    (long Offset, long Length) Find(string key, string tensor);
}

/// <summary>Locates a pickle's tensors in the file, and checks every extent against the file's length.</summary>
internal sealed class TensorPlacement(string path, ITensorStorage storages)
{
    /// <summary>Locates one tensor without reading it.</summary>
    /// <exception cref="ModelFileException">The tensor or its storage reaches past the end; the message names both.</exception>
    internal TensorEntry Place(string name, PickleTensor tensor)
    {
        var (storage, size) = (tensor.Storage, (long)SafetensorsType.SizeOf(tensor.Type));
        var (offset, length) = storages.Find(storage.Key, name);
        var width = storage.Type is { } type ? SafetensorsType.SizeOf(type) : 1L;
        var (first, claimed) = ((BigInteger)storage.Start * width, (BigInteger)storage.Count * width);
        if (first < 0 || claimed < 0 || first + claimed > length)
            throw Bad(name, tensor, Invariant($"its storage '{storage.Key}' claims {claimed} bytes from {first} on, {length} were found"));

        if (tensor.Offset < 0 || tensor.Shape.Any(x => x < 0) || tensor.Strides.Any(x => x < 0))
            throw Bad(name, tensor, "expected numbers from 0 on");
        var available = claimed / size;
        var count = tensor.Shape.Aggregate(BigInteger.One, (product, x) => product * x);
        var last = tensor.Offset + tensor.Shape.Zip(tensor.Strides, (x, stride) =>
            (BigInteger)(x - 1) * stride).Aggregate(BigInteger.Zero, BigInteger.Add);
        // A tensor may be a view, but not one that expands its storage: it could take any amount of memory.
        if (count > available || (count > 0 && last >= available))
            throw Bad(name, tensor, Invariant($"its storage '{storage.Key}' holds {available} values of type {tensor.Type}"));
        var start = count > 0 ? offset + (long)first + (tensor.Offset * size) : offset;
        return new(path, tensor.Type, tensor.Shape, start, count > 0 && !IsRowMajor(tensor) ? tensor.Strides : null);
    }

    private static bool IsRowMajor(PickleTensor tensor)
    {
        var expected = 1L;
        for (var axis = tensor.Shape.Length - 1; axis >= 0; axis--)
        {
            if (tensor.Shape[axis] != 1 && tensor.Strides[axis] != expected) return false;
            expected *= tensor.Shape[axis];
        }
        return true;
    }

    private ModelFileException Bad(string name, PickleTensor tensor, string problem) => new(path,
        $"tensor '{name}' has offset {tensor.Offset}, shape [{string.Join(", ", tensor.Shape)}] and strides [{string.Join(", ", tensor.Strides)}]; "
        + $"{problem}. The file is damaged or was cut off. Download it again.");
}
