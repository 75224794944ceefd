using Microsoft.ML;
using Microsoft.ML.Data;

namespace VideoCaptionRetrieval.Interop;

/// <summary>Checks columns, and builds the schema shapes that estimators promise before they are fitted.</summary>
public static class ColumnShapes
{
    /// <summary>Describes a data view's schema.</summary>
    internal static SchemaShape Describe(DataViewSchema schema) => SchemaShape.Create(schema);

    /// <summary>Adds or replaces columns of a shape.</summary>
    public static SchemaShape With(SchemaShape input, IEnumerable<DataViewSchema.DetachedColumn> outputs)
    {
        ArgumentNullException.ThrowIfNull(input);
        var columns = input.ToDictionary(column => column.Name);
        foreach (var output in outputs) columns[output.Name] = Column(output);
        return new(columns.Values);
    }

    /// <summary>Finds a column of a shape.</summary>
    internal static bool TryFind(SchemaShape shape, string name, out SchemaShape.Column column)
    {
        ArgumentNullException.ThrowIfNull(shape);
        return shape.TryFindColumn(name, out column);
    }

    /// <summary>Checks that a column exists and has the wanted type.</summary>
    /// <param name="shape">The estimator's input.</param>
    /// <param name="name">The column.</param>
    /// <param name="itemType">The type of the column, or of a vector's items.</param>
    /// <param name="vector">Whether it is a vector of a known length.</param>
    /// <exception cref="ArgumentException">The column is missing or has another type; the message names both types.</exception>
    public static void Require(SchemaShape shape, string name, PrimitiveDataViewType itemType, bool vector)
    {
        var wanted = vector ? $"Vector<{itemType}>" : itemType.ToString();
        if (!TryFind(shape, name, out var column))
            throw new ArgumentException(
                $"Column '{name}' ({wanted}) is missing; the input has {Names(shape.Select(one => one.Name))}.", nameof(shape));
        var kind = vector ? SchemaShape.Column.VectorKind.Vector : SchemaShape.Column.VectorKind.Scalar;
        if (column.Kind != kind || column.IsKey || !column.ItemType.Equals(itemType))
            throw new ArgumentException($"Column '{name}' is {column.GetTypeString()}, expected {wanted}.", nameof(shape));
    }

    /// <summary>Checks that a column is Text, or a vector of Text of any length.</summary>
    /// <exception cref="ArgumentException">The column is missing or has another type.</exception>
    public static void RequireTexts(SchemaShape shape, string name)
    {
        if (TryFind(shape, name, out var column) && column.ItemType.Equals(TextDataViewType.Instance)) return;
        var found = column.IsValid ? $"is {column.GetTypeString()}" : "is missing";
        throw new ArgumentException($"Column '{name}' {found}; expected Text or Vector<Text>.", nameof(shape));
    }

    /// <summary>Finds a column of a schema and checks its type.</summary>
    /// <exception cref="ArgumentException">The column is missing or has another type; the message names both types.</exception>
    public static DataViewSchema.Column Require(DataViewSchema schema, string name, PrimitiveDataViewType itemType, bool vector)
    {
        Require(Describe(schema), name, itemType, vector);
        return schema[name];
    }

    private static SchemaShape.Column Column(DataViewSchema.DetachedColumn column) =>
        Column(column.Name, column.Type, column.Annotations is { } annotations ? Describe(annotations.Schema) : null);

    private static SchemaShape.Column Column(string name, DataViewType type, SchemaShape? annotations) => type is VectorDataViewType vector
        ? new(name, vector.Size > 0 ? SchemaShape.Column.VectorKind.Vector : SchemaShape.Column.VectorKind.VariableVector, vector.ItemType,
            false, annotations)
        : new(name, SchemaShape.Column.VectorKind.Scalar, type, false, annotations);

    private static string Names(IEnumerable<string> names) =>
        string.Join(", ", names.Select(name => $"'{name}'").DefaultIfEmpty("no columns"));
}
