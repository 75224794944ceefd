namespace VideoCaptionRetrieval.Batching;

/// <summary>
/// The state of one computation in one cursor: slots of inputs, and their results. Used by one thread at a time. The rows of a
/// PredictionEngine are never disposed, so this holds managed memory only.
/// </summary>
internal abstract class ComputationBatch : IDisposable
{
    /// <summary>Copies the inputs of the input's current row into a slot.</summary>
    internal abstract void Read(int slot);

    /// <summary>Says that the row in a slot has been left: nobody asks for it any more.</summary>
    internal virtual void Leave(int slot) { }

    /// <summary>Computes the slots 0 to <paramref name="count"/> − 1.</summary>
    internal abstract void Compute(int count);

    /// <summary>Creates the getter (a <see cref="Microsoft.ML.ValueGetter{TValue}"/>) of an output.</summary>
    /// <param name="output">Index into <see cref="BatchComputation.Outputs"/>.</param>
    /// <param name="slot">Gives the current row's slot, computed.</param>
    internal abstract Delegate CreateGetter(int output, Func<int> slot);

    /// <inheritdoc />
    public virtual void Dispose() { }
}
