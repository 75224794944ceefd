using Microsoft.ML;
using Microsoft.ML.Data;
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
        // Inputs that are cheap to copy (paths) are split, so that several threads compute.
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

/// <summary>The source's own cursor under the output schema: no output of the transformer is asked for.</summary>
internal sealed class PassThroughCursor(BoundTransform bound, DataViewRowCursor input, ActiveColumns active) : DataViewRowCursor
{
    private bool _disposed;

    public override DataViewSchema Schema => bound.OutputSchema;

    public override long Position => input.Position;

    public override long Batch => input.Batch;

    public override bool MoveNext()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return input.MoveNext();
    }

    public override bool IsColumnActive(DataViewSchema.Column column) => active.Columns[column.Index];

    public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ColumnGetters.CheckActive(bound, active, column);
        return input.GetGetter<TValue>(bound.InputSchema[column.Index]);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_disposed) input.Dispose();
        _disposed = true;
        base.Dispose(disposing);
    }
}
