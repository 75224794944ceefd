using Microsoft.ML;

namespace VideoCaptionRetrieval.Batching;

/// <summary>
/// One piece of work of a transformer, bound to an input schema: columns in, columns out, computed for a window of rows at once.
/// A transformer with several networks has one computation for each, so that a column costs only what it needs.
/// </summary>
internal abstract class BatchComputation
{
    /// <summary>The input columns that are read; any output depends on exactly these.</summary>
    internal abstract IReadOnlyList<DataViewSchema.Column> Inputs { get; }

    /// <summary>The columns added.</summary>
    internal abstract IReadOnlyList<DataViewSchema.DetachedColumn> Outputs { get; }

    /// <summary>The rows of one window, at least 1. Networks count images: see <see cref="MicroBatch"/>.</summary>
    internal abstract int RowsPerBatch { get; }

    /// <summary>
    /// Whether rows are computed one by one in the background: the cursor then reads on as it moves, so that a window of rows is always in
    /// progress, and a getter waits for its own row alone.
    /// </summary>
    internal virtual bool Streams => false;

    /// <summary>Starts work over the rows of <paramref name="input"/>. Cheap: networks are opened by the first computation.</summary>
    internal abstract ComputationBatch CreateBatch(DataViewRow input, int capacity);
}

/// <summary>
/// The state of one computation in one cursor: slots of inputs, and their results. Used by one thread at a time. The rows of a
/// PredictionEngine are never disposed, so this holds managed memory only.
/// </summary>
internal abstract class ComputationBatch : IDisposable
{
    /// <summary>Copies the inputs of the input's current row into a slot.</summary>
    internal abstract void Read(int slot);

    /// <summary>Called when the cursor has left the row in a slot: its values are no longer needed.</summary>
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

/// <summary>Computes sizes of windows.</summary>
internal static class MicroBatch
{
    /// <summary>Returns the number of rows that hold about <paramref name="images"/> images, at least one row.</summary>
    internal static int Rows(int images, int imagesPerRow) => Math.Max(1, images / Math.Max(1, imagesPerRow));
}
