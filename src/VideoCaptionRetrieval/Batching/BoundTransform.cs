using Microsoft.ML;

namespace VideoCaptionRetrieval.Batching;

/// <summary>A batched transformer bound to an input schema: the output schema, and what each of its columns depends on.</summary>
internal sealed class BoundTransform
{
    private readonly List<(int Computation, int Output)> _added = [];

    internal BoundTransform(BatchedTransformer owner, DataViewSchema input)
    {
        ArgumentNullException.ThrowIfNull(input);
        Owner = owner;
        InputSchema = input;
        Computations = owner.Bind(input);
        OutputSchema = BuildSchema(input);
    }

    internal BatchedTransformer Owner { get; }

    internal DataViewSchema InputSchema { get; }

    internal DataViewSchema OutputSchema { get; }

    internal IReadOnlyList<BatchComputation> Computations { get; }

    /// <summary>Whether a column of the output schema comes from the input unchanged; it then has the same index there.</summary>
    internal bool IsPassedThrough(DataViewSchema.Column column) => column.Index < InputSchema.Count;

    /// <summary>Returns the computation, and its output, of a column that was added.</summary>
    internal (int Computation, int Output) SourceOf(DataViewSchema.Column column) => _added[column.Index - InputSchema.Count];

    /// <summary>Finds the input columns and the computations that a set of columns needs.</summary>
    internal ActiveColumns Activate(IEnumerable<DataViewSchema.Column> columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        var active = new bool[OutputSchema.Count];
        var inputs = new bool[InputSchema.Count];
        var computations = new bool[Computations.Count];
        foreach (var column in columns)
        {
            Check(column);
            active[column.Index] = true;
            if (IsPassedThrough(column)) inputs[column.Index] = true;
            else computations[SourceOf(column).Computation] = true;
        }
        for (var c = 0; c < computations.Length; c++)
            if (computations[c])
                foreach (var input in Computations[c].Inputs) inputs[input.Index] = true;
        return new(active, computations, [.. InputSchema.Where(column => inputs[column.Index])]);
    }

    /// <summary>Checks that a column belongs to the output schema.</summary>
    internal void Check(DataViewSchema.Column column)
    {
        if (column.Index >= OutputSchema.Count || OutputSchema[column.Index].Name != column.Name)
            throw new ArgumentException(
                $"Column '{column.Name}' (index {column.Index}) is not of this data view's schema: {OutputSchema}.", nameof(column));
    }

    // All columns of the input are kept, the hidden ones too: so indices stay, and a new column hides an older one of its name.
    private DataViewSchema BuildSchema(DataViewSchema input)
    {
        var builder = new DataViewSchema.Builder();
        builder.AddColumns(input);
        for (var c = 0; c < Computations.Count; c++)
            for (var o = 0; o < Computations[c].Outputs.Count; o++)
            {
                var output = Computations[c].Outputs[o];
                builder.AddColumn(output.Name, output.Type, output.Annotations);
                _added.Add((c, o));
            }
        return builder.ToSchema();
    }
}

/// <summary>The input columns and the computations that a set of output columns needs.</summary>
/// <param name="Columns">For each output column: whether it is asked for.</param>
/// <param name="Computations">For each computation: whether an output of it is asked for.</param>
/// <param name="Inputs">The input columns needed.</param>
internal sealed record ActiveColumns(bool[] Columns, bool[] Computations, IReadOnlyList<DataViewSchema.Column> Inputs)
{
    /// <summary>Whether anything is to be computed.</summary>
    internal bool AnyComputation => Computations.Contains(true);
}
