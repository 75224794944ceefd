using Microsoft.ML;
using Microsoft.ML.Data;

namespace VideoCaptionRetrieval.Interop;

/// <summary>Reads columns of a row as plain values, at the row's position at the time of the call.</summary>
internal static class RowReader
{
    /// <summary>A column of Text.</summary>
    internal static Func<string> Text(DataViewRow row, DataViewSchema.Column column)
    {
        var getter = row.GetGetter<ReadOnlyMemory<char>>(column);
        return () =>
        {
            ReadOnlyMemory<char> value = default;
            getter(ref value);
            return value.ToString();
        };
    }

    /// <summary>A column of one value or of several, as a new list.</summary>
    internal static Func<T[]> List<T>(DataViewRow row, DataViewSchema.Column column)
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
