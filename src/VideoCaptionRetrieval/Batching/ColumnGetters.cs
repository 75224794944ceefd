using Microsoft.ML;
using Microsoft.ML.Data;

namespace VideoCaptionRetrieval.Batching;

/// <summary>Creates getters of columns.</summary>
internal static class ColumnGetters
{
    /// <summary>Creates the getter of a column of a cursor or a row: one that is passed through, or one that is computed.</summary>
    /// <param name="column">The column.</param>
    /// <param name="bound">The transform.</param>
    /// <param name="active">The columns that the cursor or row was created for.</param>
    /// <param name="batches">For each computation its batch.</param>
    /// <param name="passedThrough">Creates the getter of an input column.</param>
    /// <param name="computedSlot">Returns the current row's slot, once the computation of the given index was done for it.</param>
    internal static ValueGetter<T> Create<T>(DataViewSchema.Column column, BoundTransform bound, ActiveColumns active,
        ComputationBatch?[] batches, Func<Delegate> passedThrough, Func<int, int> computedSlot)
    {
        CheckActive(bound, active, column);
        if (bound.IsPassedThrough(column)) return As<T>(passedThrough(), column);
        var (computation, output) = bound.SourceOf(column);
        return As<T>(batches[computation]!.CreateGetter(output, () => computedSlot(computation)), column);
    }

    internal static void CheckActive(BoundTransform bound, ActiveColumns active, DataViewSchema.Column column)
    {
        bound.Check(column);
        if (!active.Columns[column.Index])
            throw new InvalidOperationException(
                $"Column '{column.Name}' was not asked for when the cursor was made; name it in columnsNeeded.");
    }

    /// <summary>Casts a getter to the type that the caller requests.</summary>
    internal static ValueGetter<T> As<T>(Delegate getter, DataViewSchema.Column column) => getter as ValueGetter<T>
        ?? throw new InvalidOperationException(
            $"Column '{column.Name}' is {column.Type} ({column.Type.RawType}); its getter cannot give {typeof(T)}.");

    /// <summary>Creates a getter of vectors that lie one after the other in <paramref name="values"/>.</summary>
    internal static ValueGetter<VBuffer<T>> Vector<T>(T[] values, int length, Func<int> slot) => (ref VBuffer<T> value) =>
    {
        var at = slot();
        var editor = VBufferEditor.Create(ref value, length);
        values.AsSpan(at * length, length).CopyTo(editor.Values);
        value = editor.Commit();
    };

    /// <summary>Creates a getter of scalars.</summary>
    internal static ValueGetter<T> Scalar<T>(T[] values, Func<int> slot) => (ref T value) => value = values[slot()];
}
