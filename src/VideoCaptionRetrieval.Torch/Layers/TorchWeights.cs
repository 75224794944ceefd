using VideoCaptionRetrieval.Models.Checkpoints;
using VideoCaptionRetrieval.Torch.Native;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Torch.Layers;

/// <summary>Converts stored tensors to tensors of libtorch and back.</summary>
public static class TorchWeights
{
    /// <summary>Copies a tensor into CPU memory, in the type of the file. The caller disposes it.</summary>
    /// <exception cref="Models.ModelFileException">The file has no such tensor.</exception>
    public static Tensor Read(this WeightsFile file, string name)
    {
        TorchRuntime.EnsureLoaded();
        var entry = file.Entry(name);
        var tensor = empty(entry.Shape, dtype: ToScalarType(entry.Type));
        if (entry.Length > 0) file.Bytes(name).CopyTo(tensor.bytes);
        return tensor;
    }

    /// <summary>Writes tensors as a safetensors file, in their own types; tensors on a GPU are copied one at a time.</summary>
    public static void Write(string path, IEnumerable<KeyValuePair<string, Tensor>> tensors) => SafetensorsWriter.Write(path, tensors
        .Select(named => new SafetensorsItem(named.Key, ToTensorType(named.Value.dtype), named.Value.shape, file => WriteData(file, named.Value))));

    private static ScalarType ToScalarType(TensorType type) => Enum.Parse<ScalarType>(type.ToString());

    private static TensorType ToTensorType(ScalarType type) => Enum.TryParse<TensorType>(type.ToString(), out var known)
        ? known
        : throw new ArgumentException($"Tensors of type {type} have no name in the safetensors format.", nameof(type));

    private static void WriteData(Stream file, Tensor tensor)
    {
        using var scope = NewDisposeScope();
        var data = tensor.detach().cpu().contiguous();
        if (data.numel() > 0) file.Write(data.bytes);
    }
}
