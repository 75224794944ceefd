namespace VideoCaptionRetrieval.Models.Checkpoints;

/// <summary>Names and shapes of the layers that all networks are made of.</summary>
internal static class TensorShapes
{
    /// <summary>weight [out, in] and bias [out].</summary>
    internal static IEnumerable<(string Name, long[] Shape)> Linear(string name, long outputs, long inputs) =>
        [($"{name}.weight", [outputs, inputs]), ($"{name}.bias", [outputs])];

    /// <summary>weight and bias, [width] each.</summary>
    internal static IEnumerable<(string Name, long[] Shape)> LayerNorm(string name, long width) =>
        [($"{name}.weight", [width]), ($"{name}.bias", [width])];

    internal static Dictionary<string, long[]> ToDictionary(IEnumerable<(string Name, long[] Shape)> tensors) =>
        tensors.ToDictionary(tensor => tensor.Name, tensor => tensor.Shape, StringComparer.Ordinal);
}
