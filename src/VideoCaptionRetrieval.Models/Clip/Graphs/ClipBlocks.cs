using VideoCaptionRetrieval.Models.Clip.Configuration;
using VideoCaptionRetrieval.Models.Onnx;

namespace VideoCaptionRetrieval.Models.Clip.Graphs;

/// <summary>
/// Adds the transformer layers of a tower as ONNX nodes. Between operators, positions are rows [B·T, C]; only attention separates them. One position
/// of each row gives the embedding, so the last layer computes keys and values for all positions, and everything else only for that one.
/// </summary>
/// <param name="graph">The graph to extend.</param>
/// <param name="weights">Adds the tower's tensors.</param>
/// <param name="config">Sizes of the tower.</param>
/// <param name="tower">Prefix of the tower's tensor names.</param>
/// <param name="all">Attention of all positions.</param>
/// <param name="read">Attention of the position that gives the embedding.</param>
/// <param name="take">Selects that position, [B·T, C] → [B, C].</param>
internal sealed class ClipBlocks(
    OnnxGraphBuilder graph, GraphWeights weights, ClipTowerConfig config, string tower, AttentionShape all, AttentionShape read,
    Func<string, string> take)
{
    /// <summary>Adds all layers, [B·T, C] → [B, C].</summary>
    internal string Apply(string x)
    {
        for (var layer = 0; layer < config.Layers; layer++)
            x = Layer(x, $"{tower}.encoder.layers.{layer}", isLast: layer == config.Layers - 1);
        return config.Layers > 0 ? x : take(x);
    }

    /// <summary>Adds a layer norm, […, C] → […, C].</summary>
    internal string Norm(string x, string name) => graph.Node("LayerNormalization",
        [x, weights.Tensor(graph, $"{name}.weight"), weights.Tensor(graph, $"{name}.bias")],
        ("axis", -1), ("epsilon", config.LayerNormEpsilon));

    private string Layer(string x, string name, bool isLast)
    {
        var normed = Norm(x, $"{name}.layer_norm1");
        var (own, queried, shape) = isLast ? (take(x), take(normed), read) : (x, normed, all);
        var attended = graph.Node("Add", [own, Attention(queried, normed, shape, $"{name}.self_attn")]);
        return graph.Node("Add", [attended, Mlp(Norm(attended, $"{name}.layer_norm2"), $"{name}.mlp")]);
    }

    /// <param name="queried">[B·Q, C]: the positions that attend, all or one of each row.</param>
    /// <param name="seen">[B·T, C]: the positions they attend to.</param>
    /// <param name="shape">Shapes for the positions that attend.</param>
    /// <param name="name">Prefix of the attention's tensor names.</param>
    private string Attention(string queried, string seen, AttentionShape shape, string name)
    {
        var scale = graph.Single((float)(1 / Math.Sqrt(config.HiddenSize / config.Heads)));
        var queries = graph.Node("Mul", [Heads(queried, $"{name}.q_proj", shape.Heads, 0, 2, 1, 3), scale]);    // (B, heads, Q, C/heads)
        var keys = Heads(seen, $"{name}.k_proj", all.Heads, 0, 2, 3, 1);                                        // (B, heads, C/heads, T)
        var values = Heads(seen, $"{name}.v_proj", all.Heads, 0, 2, 1, 3);
        var scores = graph.Node("MatMul", [queries, keys]);                                                     // (B, heads, Q, T)
        if (shape.Mask is { } mask) scores = graph.Node("Add", [scores, mask]);
        var heads = graph.Node("MatMul", [graph.Node("Softmax", [scores], ("axis", -1)), values]);
        var positions = graph.Node("Transpose", [heads], ("perm", new long[] { 0, 2, 1, 3 }));                  // (B, Q, heads, C/heads)
        return weights.Linear(graph, graph.Node("Reshape", [positions, graph.Integers(-1, config.HiddenSize)]), $"{name}.out_proj");
    }

    private string Heads(string x, string name, string shape, params long[] order) =>
        graph.Node("Transpose", [graph.Node("Reshape", [weights.Linear(graph, x, name), shape])], ("perm", order));

    private string Mlp(string x, string name) =>
        weights.Linear(graph, Activate(weights.Linear(graph, x, $"{name}.fc1")), $"{name}.fc2", isActivated: true);

    private string Activate(string x) => config.Activation switch
    {
        ClipActivation.QuickGelu => graph.Node("Mul", [x, graph.Node("Sigmoid", [graph.Node("Mul", [x, graph.Single(1.702f)])])]),
        ClipActivation.Gelu => Gelu(x, graph.Node("Erf", [graph.Node("Div", [x, graph.Single(MathF.Sqrt(2))])])),
        ClipActivation.GeluTanh => Gelu(x, graph.Node("Tanh", [TanhArgument(x)])),
        var unknown => throw new InvalidOperationException($"The activation '{unknown}' is not known."),
    };

    /// <summary>Adds 0.5·x·(1 + y).</summary>
    private string Gelu(string x, string y) =>
        graph.Node("Mul", [graph.Node("Mul", [x, graph.Node("Add", [y, graph.Single(1)])]), graph.Single(0.5f)]);

    /// <summary>Adds √(2/π)·(x + 0.044715 x³).</summary>
    private string TanhArgument(string x)
    {
        var cube = graph.Node("Mul", [graph.Node("Mul", [x, x]), x]);
        var sum = graph.Node("Add", [x, graph.Node("Mul", [cube, graph.Single(0.044715f)])]);
        return graph.Node("Mul", [sum, graph.Single((float)Math.Sqrt(2 / Math.PI))]);
    }
}

/// <summary>Shapes of an attention in a graph.</summary>
/// <param name="Heads">The shape [B, positions, heads, C/heads] as a value, possibly with −1 for B.</param>
/// <param name="Mask">Added to the scores [B, heads, positions, T]; null = none.</param>
internal readonly record struct AttentionShape(string Heads, string? Mask = null);
