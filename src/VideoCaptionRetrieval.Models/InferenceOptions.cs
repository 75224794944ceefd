
namespace VideoCaptionRetrieval.Models;

/// <summary>How ONNX Runtime computes embeddings. A saved model does not hold these: they belong to the machine.</summary>
public sealed class InferenceOptions
{
    /// <summary>Threads of one computation, shared by all that compute at the same time with one model.</summary>
    /// <value>The default value is 0: one for each core.</value>
    public int Threads { get; set; }

    /// <summary>What ONNX Runtime does to a graph when it opens it; the more, the faster it computes and the slower it opens.</summary>
    /// <value>The default value is <see cref="GraphOptimization.All"/>.</value>
    public GraphOptimization GraphOptimization { get; set; } = GraphOptimization.All;

    /// <summary>The numbers that it computes with.</summary>
    /// <value>The default value is <see cref="InferencePrecision.Full"/>.</value>
    public InferencePrecision Precision { get; set; } = InferencePrecision.Full;

    /// <summary>Whether products of 8-bit integers are summed exactly by slower kernels; null = where this processor's sums would saturate.</summary>
    internal bool? PreciseProducts { get; set; }

    internal InferenceOptions Copy() => (InferenceOptions)MemberwiseClone();

    /// <exception cref="ArgumentException">Lists every value that is out of range.</exception>
    internal void Validate()
    {
        var faults = Faults().ToList();
        if (faults.Count > 0) throw new ArgumentException($"The options of inference are not valid: {string.Join("; ", faults)}.");
    }

    /// <summary>A clause about each value that is out of range.</summary>
    internal IEnumerable<string> Faults()
    {
        if (Threads < 0) yield return $"{nameof(Threads)} is '{Threads}', expected 0 or more";
        if (!Enum.IsDefined(GraphOptimization)) yield return $"{nameof(GraphOptimization)} is '{GraphOptimization}'";
        if (!Enum.IsDefined(Precision)) yield return $"{nameof(Precision)} is '{Precision}'";
    }
}
