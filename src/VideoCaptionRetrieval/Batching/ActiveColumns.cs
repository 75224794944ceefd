using Microsoft.ML;

namespace VideoCaptionRetrieval.Batching;

/// <summary>What a set of output columns needs.</summary>
/// <param name="Columns">For each output column: whether it is asked for.</param>
/// <param name="Computations">For each computation: whether an output of it is asked for.</param>
/// <param name="Inputs">The input columns needed.</param>
internal sealed record ActiveColumns(bool[] Columns, bool[] Computations, IReadOnlyList<DataViewSchema.Column> Inputs)
{
    /// <summary>Whether anything is to be computed.</summary>
    internal bool AnyComputation => Computations.Contains(true);
}
