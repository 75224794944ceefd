using System.Runtime.InteropServices;
using VideoCaptionRetrieval.Models.Clip.Configuration;
using VideoCaptionRetrieval.Models.Onnx;
using VideoCaptionRetrieval.Models.Onnx.Schema;

namespace VideoCaptionRetrieval.Models.Clip.Graphs;

/// <summary>
/// Builds the text tower: input_ids [batch, sequence] → text_embeds [batch, D], projected and not normalised, for any sequence up to the context
/// length. Attention is causal, so tokens after the end of text do not matter, and the graph takes no mask.
/// </summary>
internal static class ClipTextGraph
{
    internal const string Input = "input_ids";
    internal const string Output = "text_embeds";
    private const string Tower = "text_model";

    internal static ModelProto Build(ClipConfig config, GraphWeights weights)
    {
        var graph = new OnnxGraphBuilder(Tower);
        var (text, width) = (config.Text, (long)config.Text.Tower.HiddenSize);
        var ids = graph.Input(Input, TensorProto.Types.DataType.Int64, "batch", "sequence");
        var shape = graph.Node("Shape", [ids]);                                                                       // [B, T]
        var length = graph.Node("Shape", [ids], ("start", 1), ("end", 2));                                            // [T]
        var (heads, each) = ((long)text.Tower.Heads, width / text.Tower.Heads);
        var (mask, end) = (CausalMask(graph, text.ContextLength, length), EndOfText(graph, text, ids));
        var all = new AttentionShape(graph.Node("Concat", [shape, graph.Integers(heads, each)], ("axis", 0)), mask);
        var seen = graph.Node("Unsqueeze", [graph.Node("Gather", [mask, end], ("axis", 0)), graph.Integers(1)]);      // (B, 1, 1, T)
        var blocks = new ClipBlocks(graph, weights, text.Tower, Tower, all, new(graph.Integers(-1, 1, heads, each), seen), AtEnd);

        var tokens = graph.Node("Gather", [weights.Tensor(graph, $"{Tower}.embeddings.token_embedding.weight"), ids]);  // (B, T, C)
        var table = weights.Tensor(graph, $"{Tower}.embeddings.position_embedding.weight");
        var sum = graph.Node("Add", [tokens, graph.Node("Slice", [table, graph.Integers(0), length])]);
        var read = blocks.Apply(graph.Node("Reshape", [sum, graph.Integers(-1, width)]));                             // (B, C)
        // The norm is computed for each position separately: one is enough.
        var embedding = weights.Linear(graph, blocks.Norm(read, $"{Tower}.final_layer_norm"), "text_projection", hasBias: false);
        return graph.Finish(embedding, Output, config.ProjectionSize);

        string AtEnd(string x)
        {
            var rows = graph.Node("Reshape", [x, graph.Node("Concat", [shape, graph.Integers(width)], ("axis", 0))]);   // (B, T, C)
            return graph.Node("GatherND", [rows, end], ("batch_dims", 1));
        }
    }

    /// <summary>Adds the causal mask [T, T]: 0 where a position sees another, −∞ where the other comes later.</summary>
    private static string CausalMask(OnnxGraphBuilder graph, int contextLength, string length)
    {
        var mask = graph.Constant("causal_mask", TensorProto.Types.DataType.Float, [contextLength, contextLength], () =>
        {
            var values = new float[contextLength * contextLength];
            for (var row = 0; row < contextLength; row++)
                values.AsSpan((row * contextLength) + row + 1, contextLength - row - 1).Fill(float.NegativeInfinity);
            return MemoryMarshal.AsBytes(values.AsSpan()).ToArray();
        });
        var square = graph.Node("Concat", [length, length], ("axis", 0));
        return graph.Node("Slice", [mask, graph.Integers(0, 0), square]);
    }

    /// <summary>Adds the end position [B, 1]: the first of the end id, or, by the published models' convention, of the largest id.</summary>
    private static string EndOfText(OnnxGraphBuilder graph, ClipTextConfig text, string ids)
    {
        var largest = text.EndOfTextId == ClipTextConfig.LegacyEndOfTextId
            ? ids
            : graph.Node("Cast", [graph.Node("Equal", [ids, graph.Integer(text.EndOfTextId)])],
                ("to", (int)TensorProto.Types.DataType.Int32));
        return graph.Node("ArgMax", [largest], ("axis", 1), ("keepdims", 1));
    }
}
