using System.Globalization;
using Google.Protobuf;
using VideoCaptionRetrieval.Models.Checkpoints;
using VideoCaptionRetrieval.Models.Onnx.Schema;

namespace VideoCaptionRetrieval.Models.Onnx;

/// <summary>
/// References weights in their files: the graph names file, offset and length, and casts other types to float32. Tensors that cannot be referenced
/// (values in memory, strides other than a transpose's, an offset that is no multiple of the element's size) are copied into the graph.
/// </summary>
/// <param name="weights">The network's tensors.</param>
/// <param name="folder">The folder that locations are relative to; it contains the files.</param>
internal sealed class StoredWeights(WeightsFile weights, string folder) : GraphWeights(weights)
{
    /// <summary>Limit in bytes: a graph in memory is a protocol buffer, which holds less than 2 GiB.</summary>
    private const long MaxInlineBytes = 1900L << 20;

    private long _inline;

    /// <inheritdoc/>
    internal override string Tensor(OnnxGraphBuilder graph, string name)
    {
        var entry = Weights.Entry(name);
        return Single(graph, name, entry, graph.Initializer($"{name}:{entry.Type}", () => IsPlace(entry) && entry.Strides is null
            ? Place(entry, entry.Shape)
            : Inline(name, entry)));
    }

    /// <inheritdoc/>
    protected override (string Value, bool IsOutIn) Matrix(OnnxGraphBuilder graph, string name)
    {
        var entry = Weights.Entry(name);
        if (!IsPlace(entry) || entry.Strides is not { } strides || strides[0] != 1 || strides[1] != entry.Shape[0])
            return base.Matrix(graph, name);
        // The file holds [in, out].
        return (Single(graph, name, entry, graph.Initializer($"{name}:{entry.Type}", () => Place(entry, [entry.Shape[1], entry.Shape[0]]))), false);
    }

    private static bool IsPlace(TensorEntry entry) => entry.Values is null && entry.Offset % entry.ElementSize == 0;

    private static string Single(OnnxGraphBuilder graph, string name, TensorEntry entry, string stored) =>
        OnnxTypes.Convert(entry.Type) == TensorProto.Types.DataType.Float
            ? stored
            : graph.NamedNode(name, "Cast", [stored], ("to", (int)TensorProto.Types.DataType.Float));

    private TensorProto Place(TensorEntry entry, IEnumerable<long> shape)
    {
        var location = Path.GetRelativePath(folder, LinkTarget.Resolve(entry.File)).Replace('\\', '/');
        var tensor = new TensorProto
        {
            DataType = OnnxTypes.Convert(entry.Type),
            DataLocation = TensorProto.Types.DataLocation.External,
            ExternalData =
            {
                new StringStringEntryProto { Key = "location", Value = location },
                new StringStringEntryProto { Key = "offset", Value = entry.Offset.ToString(CultureInfo.InvariantCulture) },
                new StringStringEntryProto { Key = "length", Value = entry.Length.ToString(CultureInfo.InvariantCulture) },
            },
        };
        tensor.Dims.AddRange(shape);
        return tensor;
    }

    private TensorProto Inline(string name, TensorEntry entry)
    {
        if ((_inline += entry.Length) > MaxInlineBytes)
        {
            throw new ModelFileException(Weights.Path, "more than 1.9 GiB of its weights lie where ONNX Runtime cannot map them into memory "
                + "(at odd offsets, as in PyTorch files from before 1.6). 'vcr export --safetensors DIR' writes them anew.");
        }
        var tensor = new TensorProto { DataType = OnnxTypes.Convert(entry.Type), RawData = ByteString.CopyFrom(Weights.Bytes(name)) };
        tensor.Dims.AddRange(entry.Shape);
        return tensor;
    }
}

/// <summary>Maps the floating-point types of stored weights to ONNX's.</summary>
internal static class OnnxTypes
{
    internal static TensorProto.Types.DataType Convert(TensorType type) => type switch
    {
        TensorType.Float32 => TensorProto.Types.DataType.Float,
        TensorType.Float16 => TensorProto.Types.DataType.Float16,
        TensorType.BFloat16 => TensorProto.Types.DataType.Bfloat16,
        TensorType.Float64 => TensorProto.Types.DataType.Double,
        _ => throw new ArgumentException($"Weights of type {type} are not implemented.", nameof(type)),
    };
}
