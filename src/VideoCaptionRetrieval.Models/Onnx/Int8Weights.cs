using System.Runtime.InteropServices;
using VideoCaptionRetrieval.Models.Checkpoints;
using VideoCaptionRetrieval.Models.Onnx.Schema;

namespace VideoCaptionRetrieval.Models.Onnx;

/// <summary>
/// Quantises matrices to 8-bit integers with one scale for each output, multiplied with dynamically quantised activations (ONNX Runtime's
/// DynamicQuantizeMatMul). Embeddings, norms and biases are added by <paramref name="others"/>.
/// </summary>
/// <param name="weights">The network's tensors.</param>
/// <param name="others">Adds all tensors that are no matrices.</param>
internal sealed class Int8Weights(WeightsFile weights, GraphWeights others) : GraphWeights(weights)
{
    /// <inheritdoc/>
    internal override string Tensor(OnnxGraphBuilder graph, string name) => others.Tensor(graph, name);

    /// <inheritdoc/>
    internal override string Linear(OnnxGraphBuilder graph, string x, string name, bool hasBias = true)
    {
        var matrix = $"{name}.weight";
        var shape = Weights.Entry(matrix).Shape;
        var (outputs, inputs) = ((int)shape[0], (int)shape[1]);
        var quantised = new Lazy<(sbyte[] Values, float[] Scales)>(() => Quantise(Weights.ReadFloats(matrix), outputs, inputs));
        var values = graph.Constant($"{matrix}:int8", TensorProto.Types.DataType.Int8, [inputs, outputs],
            () => MemoryMarshal.AsBytes(quantised.Value.Values.AsSpan()).ToArray());
        var scales = graph.Constant($"{matrix}:scales", TensorProto.Types.DataType.Float, [outputs],
            () => MemoryMarshal.AsBytes(quantised.Value.Scales.AsSpan()).ToArray());
        // One for each matrix: the precise mode replaces the zero points of all matrices in turn, and fails at one that it has replaced before.
        var zeros = graph.Constant($"{matrix}:zeros", TensorProto.Types.DataType.Int8, [outputs], () => new byte[outputs]);
        string[] operands = hasBias ? [x, values, scales, zeros, Tensor(graph, $"{name}.bias")] : [x, values, scales, zeros];
        return graph.Node(OnnxGraphBuilder.RuntimeDomain, "DynamicQuantizeMatMul", operands);
    }

    /// <summary>Quantises [out, in] to symmetric integers [in, out] and a scale for each output.</summary>
    private static (sbyte[] Values, float[] Scales) Quantise(float[] matrix, int outputs, int inputs)
    {
        var (values, scales) = (new sbyte[matrix.Length], new float[outputs]);
        for (var output = 0; output < outputs; output++)
        {
            var row = matrix.AsSpan(output * inputs, inputs);
            var largest = 0f;
            foreach (var value in row) largest = Math.Max(largest, Math.Abs(value));
            scales[output] = largest > 0 ? largest / sbyte.MaxValue : 1;
            for (var input = 0; input < inputs; input++)
                values[(input * outputs) + output] = (sbyte)MathF.Round(row[input] / scales[output]);
        }
        return (values, scales);
    }
}
