namespace VideoCaptionRetrieval.Models;

/// <summary>ONNX Runtime's levels of graph optimisation.</summary>
public enum GraphOptimization
{
    /// <summary>The graph as it is.</summary>
    Disabled,

    /// <summary>Constants are folded, redundant nodes removed.</summary>
    Basic,

    /// <summary>Nodes are fused too.</summary>
    Extended,

    /// <summary>The layout in memory is chosen for this machine too.</summary>
    All,
}
