using System.Globalization;
using System.Runtime.InteropServices;
using Google.Protobuf;
using VideoCaptionRetrieval.Models.Checkpoints;
using VideoCaptionRetrieval.Models.Onnx.Schema;

namespace VideoCaptionRetrieval.Models.Onnx;

/// <summary>Adds weights to a graph. A derived class decides where their values lie.</summary>
/// <param name="weights">The network's tensors.</param>
internal abstract class GraphWeights(WeightsFile weights)
{
    /// <summary>The network's tensors.</summary>
    protected WeightsFile Weights { get; } = weights;

    /// <summary>Adds a tensor as float32 in its own shape.</summary>
    internal abstract string Tensor(OnnxGraphBuilder graph, string name);

    /// <summary>Adds a linear layer, x [rows, in] → [rows, out], by NAME.weight [out, in] and NAME.bias [out].</summary>
    /// <param name="graph">The graph to extend.</param>
    /// <param name="x">The values [rows, in].</param>
    /// <param name="name">Prefix of the layer's tensor names.</param>
    /// <param name="hasBias">Whether there is a bias.</param>
    /// <param name="isActivated">Whether x comes from an activation of the GELU family, whose values are no less than −0.17.</param>
    internal virtual string Linear(OnnxGraphBuilder graph, string x, string name, bool hasBias = true, bool isActivated = false)
    {
        var (matrix, stored) = Matrix(graph, $"{name}.weight");
        string[] inputs = hasBias ? [x, matrix, Tensor(graph, $"{name}.bias")] : [x, matrix];
        return graph.Node("Gemm", inputs, ("transB", stored ? 1 : 0));
    }

    /// <summary>Adds a matrix [out, in] as float32, or its transpose where the values are stored in that order.</summary>
    /// <returns>The value, and whether it is [out, in].</returns>
    protected virtual (string Value, bool IsOutIn) Matrix(OnnxGraphBuilder graph, string name) => (Tensor(graph, name), true);
}

/// <summary>Copies weights as float32 into the graph, or into one file beside it, because a graph's own file cannot hold 2 GiB.</summary>
/// <param name="weights">The network's tensors.</param>
/// <param name="data">The file beside the graph; null = inside the graph.</param>
/// <param name="dataName">Name of that file.</param>
internal sealed class CopiedWeights(WeightsFile weights, Stream? data, string dataName) : GraphWeights(weights)
{
    private const int Alignment = 64;       // a cache line, and more than any vector

    /// <inheritdoc/>
    internal override string Tensor(OnnxGraphBuilder graph, string name) => graph.Initializer(name, () =>
    {
        var bytes = MemoryMarshal.AsBytes(Weights.ReadFloats(name).AsSpan());
        var tensor = new TensorProto { DataType = TensorProto.Types.DataType.Float };
        tensor.Dims.AddRange(Weights.Entry(name).Shape);
        if (data is null) tensor.RawData = ByteString.CopyFrom(bytes);
        else Append(tensor, bytes);
        return tensor;
    });

    private void Append(TensorProto tensor, ReadOnlySpan<byte> bytes)
    {
        while (data!.Position % Alignment != 0) data.WriteByte(0);
        tensor.DataLocation = TensorProto.Types.DataLocation.External;
        tensor.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = dataName });
        tensor.ExternalData.Add(new StringStringEntryProto { Key = "offset", Value = data.Position.ToString(CultureInfo.InvariantCulture) });
        tensor.ExternalData.Add(new StringStringEntryProto { Key = "length", Value = bytes.Length.ToString(CultureInfo.InvariantCulture) });
        data.Write(bytes);
    }
}
