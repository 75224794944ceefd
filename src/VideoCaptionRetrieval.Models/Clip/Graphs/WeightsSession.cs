using VideoCaptionRetrieval.Models.Checkpoints;
using VideoCaptionRetrieval.Models.Clip.Configuration;
using VideoCaptionRetrieval.Models.Onnx;
using VideoCaptionRetrieval.Models.Onnx.Schema;

namespace VideoCaptionRetrieval.Models.Clip.Graphs;

/// <summary>Makes graphs of weights in memory and opens them; the weights stay in their files.</summary>
internal static class WeightsSession
{
    internal static OnnxSession OpenText(WeightsFile weights, ClipConfig config, InferenceOptions options, InferenceDevice device) =>
        Open(weights, options, device, placed => ClipTextGraph.Build(config, placed));

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
}
