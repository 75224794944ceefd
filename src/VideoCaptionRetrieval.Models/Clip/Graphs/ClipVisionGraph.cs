using VideoCaptionRetrieval.Models.Clip.Configuration;
using VideoCaptionRetrieval.Models.Onnx;
using VideoCaptionRetrieval.Models.Onnx.Schema;

namespace VideoCaptionRetrieval.Models.Clip.Graphs;

/// <summary>Builds the image tower: pixel_values [batch, 3, S, S] → image_embeds [batch, D], projected and not normalised.</summary>
internal static class ClipVisionGraph
{
    internal const string Input = "pixel_values";
    internal const string Output = "image_embeds";
    private const string Tower = "vision_model";

    internal static ModelProto Build(ClipConfig config, GraphWeights weights)
    {
        var graph = new OnnxGraphBuilder(Tower);
        var (vision, width) = (config.Vision, (long)config.Vision.Tower.HiddenSize);
        var pixels = graph.Input(Input, TensorProto.Types.DataType.Float, "batch", 3, vision.ImageSize, vision.ImageSize);
        var (heads, each) = ((long)vision.Tower.Heads, width / vision.Tower.Heads);
        var blocks = new ClipBlocks(graph, weights, vision.Tower, Tower, new(graph.Integers(-1, vision.Patches + 1, heads, each)),
            new(graph.Integers(-1, 1, heads, each)), ClassPosition);

        var x = graph.Node("Reshape", [Embeddings(graph, vision, weights, pixels), graph.Integers(-1, width)]);       // (B·T, C)
        x = blocks.Apply(blocks.Norm(x, $"{Tower}.pre_layrnorm"));                                                    // (B, C)
        var embedding = weights.Linear(graph, blocks.Norm(x, $"{Tower}.post_layernorm"), "visual_projection", hasBias: false);
        return graph.Finish(embedding, Output, config.ProjectionSize);

        string ClassPosition(string x) => graph.Node("Gather",
            [graph.Node("Reshape", [x, graph.Integers(-1, vision.Patches + 1, width)]), graph.Integer(0)], ("axis", 1));
    }

    /// <summary>Adds the embeddings, [B, 3, S, S] → [B, 1 + patches, C].</summary>
    private static string Embeddings(OnnxGraphBuilder graph, ClipVisionConfig vision, GraphWeights weights, string pixels)
    {
        var (width, patch) = ((long)vision.Tower.HiddenSize, (long)vision.PatchSize);
        // Where the patches do not divide the image, the last rows and columns are ignored.
        var grid = graph.Node("Conv", [pixels, weights.Tensor(graph, $"{Tower}.embeddings.patch_embedding.weight")],
            ("kernel_shape", new[] { patch, patch }), ("strides", new[] { patch, patch }));                            // (B, C, √patches, √patches)
        var columns = graph.Node("Reshape", [grid, graph.Integers(0, width, vision.Patches)]);
        var patches = graph.Node("Transpose", [columns], ("perm", new long[] { 0, 2, 1 }));                           // (B, patches, C)
        var batch = graph.Node("Shape", [pixels], ("start", 0), ("end", 1));
        var one = graph.Node("Concat", [batch, graph.Integers(1, width)], ("axis", 0));
        var classes = graph.Node("Expand", [weights.Tensor(graph, $"{Tower}.embeddings.class_embedding"), one]);      // (B, 1, C)
        return graph.Node("Add", [graph.Node("Concat", [classes, patches], ("axis", 1)),
            weights.Tensor(graph, $"{Tower}.embeddings.position_embedding.weight")]);
    }
}
