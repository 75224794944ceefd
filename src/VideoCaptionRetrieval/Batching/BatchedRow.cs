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
    private readonly SingleUse _use = new();
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
        var position = _input.Position;
        using (_use.Enter(position))
        {
            if (_computedAt[computation] == position) return 0;
            _bound.Owner.ThrowIfDisposed();
            _computedAt[computation] = Nothing;
            _batches[computation]!.Read(0);
            _batches[computation]!.Compute(1);
            if (_input.Position != position) throw SingleUse.Fault();
            _computedAt[computation] = position;
            return 0;
        }
    }
}

/// <summary>
/// Notices that several threads use one row at once, as they do where they share a PredictionEngine: each overwrites the input of the others.
/// </summary>
internal sealed class SingleUse
{
    private const long Nowhere = -2;                // −1 is the position of a row before the first
    private readonly Lock _gate = new();
    private long _position = Nowhere;
    private int _thread;
    private int _inside;

    /// <summary>Begins to use the row at a position; ends when the result is disposed.</summary>
    /// <exception cref="InvalidOperationException">Another thread is inside, or has read values at this position.</exception>
    internal Scope Enter(long position)
    {
        var own = Environment.CurrentManagedThreadId;
        lock (_gate)
        {
            if (_thread != own && (_inside > 0 || position == _position)) throw Fault();
            (_position, _thread) = (position, own);
            _inside++;
        }
        return new(this);
    }

    internal static InvalidOperationException Fault() => new(
        "Several threads use one PredictionEngine at once, which mixes up their rows: it is not thread-safe. Give each thread an engine of its own, "
        + "take them from a PredictionEnginePool, or embed many rows at once by Transform.");

    private void Leave()
    {
        lock (_gate) _inside--;
    }

    /// <summary>A use of the row.</summary>
    internal readonly struct Scope(SingleUse use) : IDisposable
    {
        public void Dispose() => use.Leave();
    }
}
