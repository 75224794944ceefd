using System.Runtime.ExceptionServices;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace VideoCaptionRetrieval.Batching;

/// <summary>
/// Reads rows ahead into a ring of slots and replays them in order. The first value of a computed column computes the window, and the next
/// window is read once all rows were returned; where the computation streams, each row that is left makes room for one more.
/// </summary>
internal sealed class BatchedCursor : DataViewRowCursor
{
    private readonly BoundTransform _bound;
    private readonly DataViewRowCursor _input;
    private readonly ActiveColumns _active;
    private readonly ComputationBatch?[] _batches;
    private readonly int[] _computed;               // for each computation: how many rows of the window are computed
    private readonly ColumnBuffer?[] _passed;
    private readonly DataViewRowId[] _ids;
    private readonly long[] _batchNumbers;
    private readonly ValueGetter<DataViewRowId> _inputId;
    private ExceptionDispatchInfo? _failure;
    private readonly bool _streams;
    private int _first, _count;                     // slots in use: _first, _first + 1 …, around the ring
    private long _position = -1;
    private bool _onRow, _ended, _disposed;

    internal BatchedCursor(BoundTransform bound, DataViewRowCursor input, ActiveColumns active)
    {
        (_bound, _input, _active) = (bound, input, active);
        var computations = bound.Computations;
        var capacity = computations.Where((_, c) => active.Computations[c]).Min(computation => computation.RowsPerBatch);
        _streams = computations.Where((_, c) => active.Computations[c]).All(computation => computation.Streams);
        (_ids, _batchNumbers, _inputId) = (new DataViewRowId[capacity], new long[capacity], input.GetIdGetter());
        _computed = new int[computations.Count];
        _passed = [.. bound.InputSchema.Select(column =>
            active.Columns[column.Index] ? ColumnBuffer.Create(input, column, capacity) : null)];
        _batches = [.. computations.Select((computation, c) => active.Computations[c] ? computation.CreateBatch(input, capacity) : null)];
    }

    public override DataViewSchema Schema => _bound.OutputSchema;

    public override long Position => _position;

    public override long Batch => _onRow ? _batchNumbers[_first] : 0;

    public override bool IsColumnActive(DataViewSchema.Column column) => _active.Columns[column.Index];

    public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId value) => value = _ids[Row()];

    public override bool MoveNext()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_onRow) LeaveRow();
        if (_count == 0 || _streams) ReadOn();
        if (_count == 0)
        {
            _position = -1;
            return false;
        }
        _onRow = true;
        _position++;
        return true;
    }

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return ColumnGetters.Create<TValue>(
            column, _bound, _active, _batches, () => _passed[column.Index]!.CreateGetter(Row), ComputedRow);
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

    private void LeaveRow()
    {
        foreach (var batch in _batches) batch?.Leave(_first);
        (_first, _count, _onRow) = ((_first + 1) % _ids.Length, _count - 1, false);
    }

    private void ReadOn()
    {
        if (_failure is not null)
        {
            if (_count > 0) return;
            _failure.Throw();
        }
        if (!_streams)
        {
            _first = 0;
            Array.Clear(_computed);
        }
        try
        {
            while (!_ended && _count < _ids.Length)
            {
                _ended = !_input.MoveNext();
                if (_ended) break;
                ReadRow((_first + _count) % _ids.Length);
                _count++;
            }
        }
        catch (Exception e) when (e is not OperationCanceledException && _count > 0)
        {
            // The rows before the failing one are complete: they are returned first, so that no work is lost.
            _failure = ExceptionDispatchInfo.Capture(e);
        }
    }

    private void ReadRow(int slot)
    {
        _inputId(ref _ids[slot]);
        _batchNumbers[slot] = _input.Batch;
        foreach (var column in _passed) column?.Read(slot);
        foreach (var batch in _batches) batch?.Read(slot);
    }

    private int Row()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _onRow
            ? _first
            : throw new InvalidOperationException(
                "The cursor is before the first row or behind the last: MoveNext has to return true first.");
    }

    private int ComputedRow(int computation)
    {
        var row = Row();
        if (_streams) _bound.Owner.ThrowIfDisposed();
        else if (_computed[computation] == 0)
        {
            _bound.Owner.ThrowIfDisposed();
            _batches[computation]!.Compute(_count);
            _computed[computation] = _count;
        }
        return row;
    }
}
