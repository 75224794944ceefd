using Google.Protobuf;
using VideoCaptionRetrieval.Models.Checkpoints;
using VideoCaptionRetrieval.Models.Clip.Configuration;
using VideoCaptionRetrieval.Models.Onnx;
using VideoCaptionRetrieval.Models.Onnx.Schema;

namespace VideoCaptionRetrieval.Models.Clip.Graphs;

/// <summary>Builds the towers of a CLIP as ONNX graphs, and writes or opens them. Needs no libtorch.</summary>
internal static class ClipGraphs
{
    /// <summary>File names of text tower and image tower, as in public exports.</summary>
    internal const string TextFile = "text_model.onnx", VisionFile = "vision_model.onnx";

    /// <summary>Name of the folder of graphs inside a public export.</summary>
    internal const string ExportFolder = "onnx";

    /// <summary>Limit of the weights in bytes: a protocol buffer has at most 2^31 − 1, some of them for the nodes.</summary>
    private const long MaxGraphBytes = int.MaxValue - (64L << 20);

    /// <summary>
    /// Writes both graphs beside the weights; the graphs, about 50 KB each, point into the weights' file.
    /// </summary>
    /// <param name="folder">The folder of the weights.</param>
    /// <param name="config">Sizes of both towers.</param>
    /// <param name="weights">Tensors of both towers.</param>
    internal static void WriteBeside(string folder, ClipConfig config, WeightsFile weights)
    {
        WriteTextBeside(folder, config, weights);
        Write(Path.Combine(folder, VisionFile), ClipVisionGraph.Build(config, new StoredWeights(weights, Path.GetFullPath(folder))));
    }

    /// <summary>As <see cref="WriteBeside"/>, for the text tower only.</summary>
    internal static void WriteTextBeside(string folder, ClipConfig config, WeightsFile weights) =>
        Write(Path.Combine(folder, TextFile), ClipTextGraph.Build(config, new StoredWeights(weights, Path.GetFullPath(folder))));

    /// <summary>
    /// Writes onnx/text_model.onnx and onnx/vision_model.onnx with float32 weights inside, or in a file beside where they are too large.
    /// </summary>
    /// <param name="folder">The export's folder.</param>
    /// <param name="config">Sizes of both towers.</param>
    /// <param name="weights">Tensors of both towers.</param>
    /// <param name="maxGraphBytes">Limit in bytes above which weights go into NAME.onnx_data.</param>
    internal static void Export(string folder, ClipConfig config, WeightsFile weights, long maxGraphBytes = MaxGraphBytes)
    {
        var target = Path.Combine(folder, ExportFolder);
        Directory.CreateDirectory(target);
        Export(Path.Combine(target, TextFile), weights, "text_", copied => ClipTextGraph.Build(config, copied), maxGraphBytes);
        Export(Path.Combine(target, VisionFile), weights, "vis", copied => ClipVisionGraph.Build(config, copied), maxGraphBytes);
    }

    /// <summary>Builds the text tower's graph in memory and opens it; the weights stay in their files.</summary>
    internal static OnnxSession OpenText(WeightsFile weights, ClipConfig config, InferenceOptions options, InferenceDevice device) =>
        Open(weights, options, device, placed => ClipTextGraph.Build(config, placed));

    /// <summary>Builds the image tower's graph in memory and opens it; the weights stay in their files.</summary>
    internal static OnnxSession OpenVision(WeightsFile weights, ClipConfig config, InferenceOptions options, InferenceDevice device) =>
        Open(weights, options, device, placed => ClipVisionGraph.Build(config, placed));

    private static OnnxSession Open(
        WeightsFile weights, InferenceOptions options, InferenceDevice device, Func<GraphWeights, ModelProto> build)
    {
        var folder = LinkTarget.CommonFolder(weights.Entries.Values.Select(entry => entry.File).Distinct());
        GraphWeights placed = new StoredWeights(weights, folder);
        if (options.Precision == InferencePrecision.Quantised) placed = new Int8Weights(weights, placed);
        return OnnxSession.Open(build(placed), folder, weights.Path, options, device);
    }

    private static void Export(
        string path, WeightsFile weights, string prefix, Func<GraphWeights, ModelProto> build, long maxGraphBytes)
    {
        var bytes = weights.Entries.Where(named => named.Key.StartsWith(prefix, StringComparison.Ordinal))
            .Sum(named => named.Value.Count * sizeof(float));
        if (bytes <= maxGraphBytes)
        {
            Write(path, build(new CopiedWeights(weights, data: null, "")));
            return;
        }
        var dataPath = path + "_data";
        AtomicFile.Write(dataPath, data => Write(path, build(new CopiedWeights(weights, data, Path.GetFileName(dataPath)))));
    }

    private static void Write(string path, ModelProto model) => AtomicFile.Write(path, stream => model.WriteTo(stream));
}
