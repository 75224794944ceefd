using Microsoft.ML;
using Microsoft.ML.Data;

namespace VideoCaptionRetrieval.Batching;

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
