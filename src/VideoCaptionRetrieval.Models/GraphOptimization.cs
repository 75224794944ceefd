namespace VideoCaptionRetrieval.Models;

/// <summary>ONNX Runtime's levels of graph optimisation.</summary>
public enum GraphOptimization
{
    /// <summary>Keeps the graph as it is.</summary>
    Disabled,

    /// <summary>Folds constants and removes redundant nodes.</summary>
    Basic,

    /// <summary>Fuses nodes as well.</summary>
    Extended,

    /// <summary>Chooses the memory layout for this machine as well.</summary>
    All,
}
