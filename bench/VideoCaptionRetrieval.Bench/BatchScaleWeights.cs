using System.Runtime.InteropServices;
using VideoCaptionRetrieval.Models.Checkpoints;
using VideoCaptionRetrieval.Models.Onnx;
using VideoCaptionRetrieval.Models.Onnx.Schema;

namespace VideoCaptionRetrieval.Bench;

/// <summary>Matrices of 8 bits as <see cref="Int8Weights"/>, with one scale of activations for all rows of a batch: ONNX Runtime's DynamicQuantizeMatMul.</summary>
internal sealed class BatchScaleWeights(WeightsFile weights, GraphWeights others) : GraphWeights(weights)
{
    internal override string Tensor(OnnxGraphBuilder graph, string name) => others.Tensor(graph, name);

    internal override string Linear(OnnxGraphBuilder graph, string x, string name, bool hasBias = true, bool isActivated = false)
    {
        var matrix = $"{name}.weight";
        var shape = Weights.Entry(matrix).Shape;
        var (outputs, inputs) = ((int)shape[0], (int)shape[1]);
        var (integers, ranges) = Int8Weights.Quantise(Weights.ReadFloats(matrix), outputs, inputs);
        var values = graph.Constant($"{matrix}:int8", TensorProto.Types.DataType.Int8, [inputs, outputs], () => MemoryMarshal.AsBytes(integers.AsSpan()).ToArray());
        var scales = graph.Constant($"{matrix}:scales", TensorProto.Types.DataType.Float, [outputs], () => MemoryMarshal.AsBytes(ranges.AsSpan()).ToArray());
        var zeros = graph.Constant($"{matrix}:zeros", TensorProto.Types.DataType.Int8, [outputs], () => new byte[outputs]);
        string[] operands = hasBias ? [x, values, scales, zeros, Tensor(graph, $"{name}.bias")] : [x, values, scales, zeros];
        return graph.Node(OnnxGraphBuilder.RuntimeDomain, "DynamicQuantizeMatMul", operands);
    }
}
