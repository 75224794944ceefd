using Microsoft.ML;
using VideoCaptionRetrieval.Interop;

namespace VideoCaptionRetrieval.Batching;

/// <summary>The rows of a source with the columns that a batched transformer adds.</summary>
internal sealed class BatchedDataView(BoundTransform bound, IDataView source) : IDataView
{
    public bool CanShuffle => source.CanShuffle;

    public DataViewSchema Schema => bound.OutputSchema;

    public long? GetRowCount() => source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        var active = bound.Activate(columnsNeeded);
        return Wrap(source.GetRowCursor(active.Inputs, rand), active);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
    {
        var active = bound.Activate(columnsNeeded);
        var cursors = source.GetRowCursorSet(active.Inputs, n, rand);
        // Where the inputs are cheap to copy (paths), splitting them lets the work run on several threads.
        if (cursors.Length == 1 && n > 1 && active.AnyComputation && bound.Owner.SplitsSource)
            cursors = ParallelCursors.Split(bound.Owner.Environment, cursors[0], n);
        return [.. cursors.Select(cursor => Wrap(cursor, active))];
    }

    private DataViewRowCursor Wrap(DataViewRowCursor cursor, ActiveColumns active)
    {
        try
        {
            return active.AnyComputation ? new BatchedCursor(bound, cursor, active) : new PassThroughCursor(bound, cursor, active);
        }
        catch
        {
            cursor.Dispose();
            throw;
        }
    }
}
