using Microsoft.ML;
using Microsoft.ML.Data;

namespace VideoCaptionRetrieval.Training;

/// <summary>Reads a column of one value or of several as a list.</summary>
internal static class ListGetter
{
    internal static Func<T[]> Create<T>(DataViewRow row, DataViewSchema.Column column)
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
            return buffer.DenseValues().ToArray();
        };
    }
}
