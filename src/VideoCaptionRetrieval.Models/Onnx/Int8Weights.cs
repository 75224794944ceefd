using System.Runtime.InteropServices;
using VideoCaptionRetrieval.Models.Checkpoints;
using VideoCaptionRetrieval.Models.Onnx.Schema;

namespace VideoCaptionRetrieval.Models.Onnx;

/// <summary>
/// Quantises matrices to 8-bit integers with one scale for each output, multiplied with activations that are quantised with one scale for each row.
/// What is computed in other rows changes nothing in a row, since products of integers are summed exactly. ONNX Runtime's DynamicQuantizeMatMul
/// takes one scale for all rows of a batch. Embeddings, norms and biases are added by <paramref name="others"/>.
/// </summary>
/// <param name="weights">The network's tensors.</param>
/// <param name="others">Adds all tensors that are no matrices.</param>
internal sealed class Int8Weights(WeightsFile weights, GraphWeights others) : GraphWeights(weights)
{
    /// <summary>Zero points of activations: of values around 0, and of GELU's, which are no less than −0.17.</summary>
    private const byte Centre = 128, Low = 32;

    /// <summary>Least scale of a row, so that a row of zeros is not divided by 0.</summary>
    private const float LeastScale = 1e-30f;

    /// <inheritdoc/>
    internal override string Tensor(OnnxGraphBuilder graph, string name) => others.Tensor(graph, name);

    /// <inheritdoc/>
    internal override string Linear(OnnxGraphBuilder graph, string x, string name, bool hasBias = true, bool isActivated = false)
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
        var rows = QuantiseRows(graph, x, isActivated ? Low : Centre);
        // The kernel takes a single scale of activations; those of rows are multiplied in afterwards.
        var product = graph.Node(OnnxGraphBuilder.RuntimeDomain, "MatMulIntegerToFloat", [rows.Values, values, graph.Single(1), scales, rows.Zero, zeros]);
        var scaled = graph.Node("Mul", [product, rows.Scales]);
        return hasBias ? graph.Node("Add", [scaled, Tensor(graph, $"{name}.bias")]) : scaled;
    }

    /// <summary>Quantises x [rows, in] to uint8 with a scale for each row, [rows, 1]; once, whatever number of matrices it is multiplied with.</summary>
    /// <param name="graph">The graph to extend.</param>
    /// <param name="x">The activations.</param>
    /// <param name="zero">The integer that stands for 0.</param>
    private static (string Values, string Scales, string Zero) QuantiseRows(OnnxGraphBuilder graph, string x, byte zero)
    {
        var zeroPoint = graph.Constant(Invariant($"zero_{zero}"), TensorProto.Types.DataType.Uint8, [1], () => [zero]);
        var scales = graph.NamedNode($"{x}:scales", "Max",
            [Scaled("ReduceMax", 1f / (byte.MaxValue - zero)), Scaled("ReduceMin", -1f / zero), graph.Single(LeastScale)]);
        var vector = graph.NamedNode($"{x}:scale_vector", "Reshape", [scales, graph.Integers(-1)]);
        // QuantizeLinear wants a zero point for each scale.
        var zeroPoints = graph.NamedNode($"{x}:zeros", "Expand", [zeroPoint, graph.NamedNode($"{x}:rows", "Shape", [vector])]);
        return (graph.NamedNode($"{x}:uint8", "QuantizeLinear", [x, vector, zeroPoints], ("axis", 0)), scales, zeroPoint);

        string Scaled(string extreme, float factor) => graph.NamedNode($"{x}:{extreme}_scaled", "Mul",
            [graph.NamedNode($"{x}:{extreme}", extreme, [x], ("axes", new long[] { -1 }), ("keepdims", 1)), graph.Single(factor)]);
    }

    /// <summary>Quantises [out, in] to symmetric integers [in, out] and a scale for each output.</summary>
    internal static (sbyte[] Values, float[] Scales) Quantise(float[] matrix, int outputs, int inputs)
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
