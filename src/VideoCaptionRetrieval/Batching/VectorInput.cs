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
