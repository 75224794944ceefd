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
    /// Whether rows are computed one by one in the background: then the cursor reads on as it moves, so that a window of rows is always
    /// under way, and a getter waits for its own row alone.
    /// </summary>
    internal virtual bool Streams => false;

    /// <summary>Starts work over the rows of <paramref name="input"/>. Cheap: networks are opened by the first computation.</summary>
    internal abstract ComputationBatch CreateBatch(DataViewRow input, int capacity);
}
