using Microsoft.ML;
using Microsoft.ML.Data;

namespace VideoCaptionRetrieval.Interop;

/// <summary>Creates readers of columns, which return the value at the row's current position.</summary>
public static class RowReader
{
    /// <summary>Creates a reader of a column of Text.</summary>
    public static Func<string> Text(DataViewRow row, DataViewSchema.Column column)
    {
        var getter = row.GetGetter<ReadOnlyMemory<char>>(column);
        return () =>
        {
            ReadOnlyMemory<char> value = default;
            getter(ref value);
            return value.ToString();
        };
    }

    /// <summary>Creates a reader of a column of one value or a vector; each call returns a new array.</summary>
    public static Func<T[]> List<T>(DataViewRow row, DataViewSchema.Column column)
    {
        if (column.Type is not VectorDataViewType)
        {
            var getValue = row.GetGetter<T>(column);
            return () =>
            {
                T value = default!;
                getValue(ref value);
                return [value];
            };
        }
        var getVector = row.GetGetter<VBuffer<T>>(column);
        VBuffer<T> buffer = default;
        return () =>
        {
            getVector(ref buffer);
            var values = new T[buffer.Length];
            buffer.CopyTo(values);
            return values;
        };
    }
}
