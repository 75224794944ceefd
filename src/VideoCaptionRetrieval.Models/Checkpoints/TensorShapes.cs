namespace VideoCaptionRetrieval.Models.Checkpoints;

/// <summary>Lists names and shapes of the parameters of common layers.</summary>
internal static class TensorShapes
{
    /// <summary>Lists weight [out, in] and bias [out].</summary>
    internal static IEnumerable<(string Name, long[] Shape)> Linear(string name, long outputs, long inputs) =>
        [($"{name}.weight", [outputs, inputs]), ($"{name}.bias", [outputs])];

    /// <summary>Lists weight and bias, [width] each.</summary>
    internal static IEnumerable<(string Name, long[] Shape)> LayerNorm(string name, long width) =>
        [($"{name}.weight", [width]), ($"{name}.bias", [width])];

    internal static Dictionary<string, long[]> ToDictionary(IEnumerable<(string Name, long[] Shape)> tensors) =>
        tensors.ToDictionary(tensor => tensor.Name, tensor => tensor.Shape, StringComparer.Ordinal);
}
