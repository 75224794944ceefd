using Microsoft.ML;
using Microsoft.ML.Data;

namespace VideoCaptionRetrieval.Batching;

/// <summary>Serves one row at a time (PredictionEngine) by the same computations, with a window of one row.</summary>
internal sealed class BatchedRowMapper(BoundTransform bound) : IRowToRowMapper
{
    public DataViewSchema InputSchema => bound.InputSchema;

    public DataViewSchema OutputSchema => bound.OutputSchema;

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns) =>
        bound.Activate(dependingColumns).Inputs;

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (input.Schema != bound.InputSchema)
        {
            throw new ArgumentException(
                $"The row has schema {input.Schema}, expected the schema that the mapper was made for: {bound.InputSchema}.",
                nameof(input));
        }
        return new BatchedRow(bound, input, bound.Activate(activeColumns));
    }
}

/// <summary>One row with computed columns. The first value that is asked for at a position reads the inputs and computes.</summary>
internal sealed class BatchedRow : DataViewRow
{
    private const long Nothing = -2;                // −1 is the position of a row before the first
    private readonly BoundTransform _bound;
    private readonly DataViewRow _input;
    private readonly ActiveColumns _active;
    private readonly ComputationBatch?[] _batches;
    private readonly long[] _computedAt;
    private bool _disposed;

    internal BatchedRow(BoundTransform bound, DataViewRow input, ActiveColumns active)
    {
        (_bound, _input, _active) = (bound, input, active);
        _batches = [.. bound.Computations.Select((computation, c) =>
            active.Computations[c] ? computation.CreateBatch(input, capacity: 1) : null)];
        _computedAt = [.. bound.Computations.Select(_ => Nothing)];
    }

    public override DataViewSchema Schema => _bound.OutputSchema;

    public override long Position => _input.Position;

    public override long Batch => _input.Batch;

    public override bool IsColumnActive(DataViewSchema.Column column) => _active.Columns[column.Index];

    public override ValueGetter<DataViewRowId> GetIdGetter() => _input.GetIdGetter();

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return ColumnGetters.Create<TValue>(
            column, _bound, _active, _batches, () => _input.GetGetter<TValue>(_bound.InputSchema[column.Index]), Computed);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_disposed)
        {
            foreach (var batch in _batches) batch?.Dispose();
            _input.Dispose();
        }
        _disposed = true;
        base.Dispose(disposing);
    }

    private int Computed(int computation)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_computedAt[computation] == _input.Position) return 0;
        _bound.Owner.ThrowIfDisposed();
        _computedAt[computation] = Nothing;
        _batches[computation]!.Read(0);
        _batches[computation]!.Compute(1);
        _computedAt[computation] = _input.Position;
        return 0;
    }
}
