namespace VideoCaptionRetrieval.Models;

/// <summary>Precision of a network's weights and computations.</summary>
public enum InferencePrecision
{
    /// <summary>32-bit floating point; other weights are upcast exactly.</summary>
    Full,

    /// <summary>
    /// 8-bit integer matrices with one scale for each output, and dynamically quantised activations; faster where the processor has VNNI
    /// instructions, and less exact: measure its effect on the rankings of your data. Activations have a scale for each position of an image
    /// or text, so an embedding does not depend on what is computed with it. Exported ONNX checkpoints use their quantised graphs; there images
    /// or texts that are computed together usually share a scale, and an embedding depends slightly on its neighbours.
    /// </summary>
    /// <remarks>
    /// On x64 processors without VNNI, ONNX Runtime's fast products of 8-bit integers saturate. There its precise mode is used, which is slower
    /// and as exact as a processor with VNNI. It needs <see cref="GraphOptimization.Extended"/> or more; at a lower level products saturate, and
    /// embeddings are far less exact.
    /// </remarks>
    Quantised,
}
