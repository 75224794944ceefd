using Microsoft.ML;
using Microsoft.ML.Data;

namespace VideoCaptionRetrieval.Batching;

/// <summary>Checks and makes getters of columns.</summary>
internal static class ColumnGetters
{
    internal static void CheckActive(BoundTransform bound, ActiveColumns active, DataViewSchema.Column column)
    {
        bound.Check(column);
        if (!active.Columns[column.Index])
            throw new InvalidOperationException(
                $"Column '{column.Name}' was not asked for when the cursor was made; name it in columnsNeeded.");
    }

    /// <summary>A getter as the type that the caller wants.</summary>
    internal static ValueGetter<T> As<T>(Delegate getter, DataViewSchema.Column column) => getter as ValueGetter<T>
        ?? throw new InvalidOperationException(
            $"Column '{column.Name}' is {column.Type} ({column.Type.RawType}); its getter cannot give {typeof(T)}.");

    /// <summary>A getter of vectors that stand one after the other in <paramref name="values"/>.</summary>
    internal static ValueGetter<VBuffer<T>> Vector<T>(T[] values, int length, Func<int> slot) => (ref VBuffer<T> value) =>
    {
        var at = slot();
        var editor = VBufferEditor.Create(ref value, length);
        values.AsSpan(at * length, length).CopyTo(editor.Values);
        value = editor.Commit();
    };

    /// <summary>A getter of single values.</summary>
    internal static ValueGetter<T> Scalar<T>(T[] values, Func<int> slot) => (ref T value) => value = values[slot()];
}
