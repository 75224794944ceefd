
namespace VideoCaptionRetrieval.Models;

/// <summary>Options of inference in ONNX Runtime. Saved models do not hold them, since they depend on the machine.</summary>
public sealed class InferenceOptions
{
    /// <summary>Number of threads of a model, shared by concurrent computations.</summary>
    /// <value>The default value is 0: one for each core.</value>
    public int Threads { get; set; }

    /// <summary>How far ONNX Runtime optimises a graph on opening: higher levels compute faster and open slower.</summary>
    /// <value>The default value is <see cref="GraphOptimization.All"/>.</value>
    public GraphOptimization GraphOptimization { get; set; } = GraphOptimization.All;

    /// <summary>Precision of weights and computations.</summary>
    /// <value>The default value is <see cref="InferencePrecision.Full"/>.</value>
    public InferencePrecision Precision { get; set; } = InferencePrecision.Full;

    /// <summary>Whether slower kernels sum products of 8-bit integers exactly; null = where this processor's sums would saturate.</summary>
    internal bool? PreciseProducts { get; set; }

    /// <summary>Copies the options; later changes to the original have no effect on the copy.</summary>
    public InferenceOptions Copy() => (InferenceOptions)MemberwiseClone();

    /// <exception cref="ArgumentException">Lists every value that is out of range.</exception>
    public void Validate()
    {
        var faults = Faults().ToList();
        if (faults.Count > 0) throw new ArgumentException($"The options of inference are not valid: {string.Join("; ", faults)}.");
    }

    /// <summary>Lists a clause about each value that is out of range.</summary>
    public IEnumerable<string> Faults()
    {
        if (Threads < 0) yield return $"{nameof(Threads)} is '{Threads}', expected 0 or more";
        if (!Enum.IsDefined(GraphOptimization)) yield return $"{nameof(GraphOptimization)} is '{GraphOptimization}'";
        if (!Enum.IsDefined(Precision)) yield return $"{nameof(Precision)} is '{Precision}'";
    }
}
