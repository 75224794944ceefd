namespace VideoCaptionRetrieval.Models.Clip.Graphs;

/// <summary>The graphs of an exported CLIP: one for each tower, or one for both.</summary>
/// <param name="Text">The graph with the text tower.</param>
/// <param name="Vision">The graph with the image tower; the same file where one graph holds both.</param>
internal sealed record OnnxGraphFiles(string Text, string Vision)
{
    /// <summary>Suffixes of graphs in public exports, the most exact first.</summary>
    private static readonly string[] Variants = ["", "_fp16", "_quantized", "_int8", "_uint8", "_q4f16", "_q4", "_bnb4"];

    /// <summary>Name of a quantised graph, for messages.</summary>
    internal const string QuantisedExample = "onnx/vision_model_quantized.onnx";

    private static readonly string[] QuantisedVariants = ["_quantized", "_int8", "_uint8"];

    /// <summary>
    /// Whether one graph holds both towers. Those of public exports give embeddings of unit length, so that frames are pooled normalised.
    /// </summary>
    internal bool IsSingle => Text == Vision;

    /// <summary>Whether a name says that matrices are of 8 bits.</summary>
    internal bool AreQuantised => new[] { Text, Vision }.Any(file =>
        QuantisedVariants.Any(variant => Path.GetFileNameWithoutExtension(file).EndsWith(variant, StringComparison.Ordinal)));

    /// <summary>All files of the graphs, with the data beside them.</summary>
    internal IEnumerable<string> Files => new[] { Text, Vision }.Distinct().SelectMany(WithData);

    /// <summary>The files of the graph with the text tower.</summary>
    internal IEnumerable<string> TextFiles => WithData(Text);

    /// <summary>Finds the graphs of a folder or of its subfolder 'onnx'; null where there are none.</summary>
    /// <param name="folder">A checkpoint's folder.</param>
    /// <param name="precision">Quantised: only quantised graphs. Else the most exact ones found.</param>
    internal static OnnxGraphFiles? Find(string folder, InferencePrecision precision = InferencePrecision.Full)
    {
        var places = new[] { folder, Path.Combine(folder, ClipGraphs.ExportFolder) };
        var variants = precision == InferencePrecision.Quantised ? QuantisedVariants : Variants;
        return (from variant in variants from place in places select In(place, variant)).FirstOrDefault(found => found is not null);
    }

    /// <summary>
    /// Finds the graphs beside the weights that they point into, as in saved models; null where there are none.
    /// </summary>
    internal static OnnxGraphFiles? Beside(string folder) => In(folder, "") is { IsSingle: false } graphs ? graphs : null;

    private static OnnxGraphFiles? In(string folder, string variant)
    {
        string Name(string tower) => Path.Combine(folder, $"{tower}{variant}.onnx");
        if (File.Exists(Name("text_model")) && File.Exists(Name("vision_model"))) return new(Name("text_model"), Name("vision_model"));
        return File.Exists(Name("model")) ? new(Name("model"), Name("model")) : null;
    }

    private static IEnumerable<string> WithData(string graph) =>
        new[] { graph, graph + "_data", graph + ".data" }.Where(File.Exists);
}
