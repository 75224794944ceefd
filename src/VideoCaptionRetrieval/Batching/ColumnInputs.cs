using Microsoft.ML;
using Microsoft.ML.Data;

namespace VideoCaptionRetrieval.Batching;

/// <summary>Slots of an input column of vectors, dense and one after the other: [capacity, length].</summary>
internal sealed class VectorInput<T>
{
    private readonly ValueGetter<VBuffer<T>> _getter;
    private readonly string _name;
    private VBuffer<T> _buffer;

    internal VectorInput(DataViewRow input, DataViewSchema.Column column, int capacity)
    {
        _getter = input.GetGetter<VBuffer<T>>(column);
        _name = column.Name;
        Length = ((VectorDataViewType)column.Type).Size;
        Values = new T[capacity * Length];
    }

    /// <summary>Values of one row.</summary>
    internal int Length { get; }

    /// <summary>All slots.</summary>
    internal T[] Values { get; }

    internal void Read(int slot)
    {
        _getter(ref _buffer);
        if (_buffer.Length != Length)
            throw new InvalidOperationException($"Column '{_name}' gave {_buffer.Length} values, expected {Length}, as its type says.");
        _buffer.CopyTo(Values.AsSpan(slot * Length, Length));
    }

    internal Span<T> Slot(int slot) => Values.AsSpan(slot * Length, Length);
}

/// <summary>Slots of an input column of text.</summary>
internal sealed class TextInput(DataViewRow input, DataViewSchema.Column column, int capacity)
{
    private readonly ValueGetter<ReadOnlyMemory<char>> _getter = input.GetGetter<ReadOnlyMemory<char>>(column);
    private readonly string[] _values = new string[capacity];
    private ReadOnlyMemory<char> _text;

    internal string this[int slot] => _values[slot];

    internal void Read(int slot)
    {
        _getter(ref _text);
        _values[slot] = _text.ToString();
    }
}

/// <summary>Holds a window of values of a column that is passed through.</summary>
internal abstract class ColumnBuffer
{
    /// <summary>Copies the input's current value into a slot.</summary>
    internal abstract void Read(int slot);

    /// <summary>A getter of the value at the slot that <paramref name="row"/> gives.</summary>
    internal abstract Delegate CreateGetter(Func<int> row);

    internal static ColumnBuffer Create(DataViewRow input, DataViewSchema.Column column, int capacity)
    {
        var type = column.Type is VectorDataViewType vector
            ? typeof(OfVectors<>).MakeGenericType(vector.ItemType.RawType)
            : typeof(OfValues<>).MakeGenericType(column.Type.RawType);
        return (ColumnBuffer)Activator.CreateInstance(type, input, column, capacity)!;
    }

    private sealed class OfValues<T>(DataViewRow input, DataViewSchema.Column column, int capacity) : ColumnBuffer
    {
        private readonly ValueGetter<T> _getter = input.GetGetter<T>(column);
        private readonly T[] _values = new T[capacity];

        internal override void Read(int slot)
        {
            // Objects may be reused by the getter that filled them: each slot starts from nothing.
            _values[slot] = default!;
            _getter(ref _values[slot]);
        }

        internal override Delegate CreateGetter(Func<int> row) => ColumnGetters.Scalar(_values, row);
    }

    private sealed class OfVectors<T>(DataViewRow input, DataViewSchema.Column column, int capacity) : ColumnBuffer
    {
        private readonly ValueGetter<VBuffer<T>> _getter = input.GetGetter<VBuffer<T>>(column);
        private readonly VBuffer<T>[] _values = new VBuffer<T>[capacity];

        internal override void Read(int slot) => _getter(ref _values[slot]);

        // The caller owns the memory of its buffer: a vector is copied, never shared.
        internal override Delegate CreateGetter(Func<int> row) =>
            (ValueGetter<VBuffer<T>>)((ref VBuffer<T> value) => _values[row()].CopyTo(ref value));
    }
}
