using VideoCaptionRetrieval.Models.Checkpoints;

namespace VideoCaptionRetrieval.Models.Onnx;

/// <summary>How weights come into a graph. A derived class says where their values lie.</summary>
/// <param name="weights">The weights.</param>
internal abstract class GraphWeights(WeightsFile weights)
{
    /// <summary>The weights.</summary>
    protected WeightsFile Weights { get; } = weights;

    /// <summary>A tensor as float32 in its own shape.</summary>
    internal abstract string Tensor(OnnxGraphBuilder graph, string name);

    /// <summary>x [rows, in] → [rows, out] by NAME.weight [out, in] and, where there is one, NAME.bias [out].</summary>
    internal virtual string Linear(OnnxGraphBuilder graph, string x, string name, bool hasBias = true)
    {
        var (matrix, stored) = Matrix(graph, $"{name}.weight");
        string[] inputs = hasBias ? [x, matrix, Tensor(graph, $"{name}.bias")] : [x, matrix];
        return graph.Node("Gemm", inputs, ("transB", stored ? 1 : 0));
    }

    /// <summary>A matrix [out, in] as float32, or, where its values lie in that order, its transpose.</summary>
    /// <returns>The value, and whether it is [out, in].</returns>
    protected virtual (string Value, bool IsOutIn) Matrix(OnnxGraphBuilder graph, string name) => (Tensor(graph, name), true);
}
