namespace VideoCaptionRetrieval.Models;

/// <summary>The numbers of a network.</summary>
public enum InferencePrecision
{
    /// <summary>32-bit floating point; other weights are upcast exactly.</summary>
    Full,

    /// <summary>
    /// Matrices in 8-bit integers, one scale for each output, activations quantised as they come; faster where the processor has VNNI
    /// instructions, and less exact: measure what it does to the rankings of your data. The scale of activations is that of the frames or
    /// texts that are computed together, so an embedding depends a little on its neighbours. Of an exported ONNX checkpoint it takes the
    /// quantised graphs.
    /// </summary>
    /// <remarks>
    /// On x64 processors without VNNI, ONNX Runtime's fast products of 8-bit integers saturate. There its precise mode is taken, which is
    /// slower and as exact as a processor with VNNI. It works from <see cref="GraphOptimization.Extended"/> on; at a lower level products
    /// saturate, and embeddings are far less exact.
    /// </remarks>
    Quantised,
}
