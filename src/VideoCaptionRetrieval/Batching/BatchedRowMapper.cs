using Microsoft.ML;
using Microsoft.ML.Data;

namespace VideoCaptionRetrieval.Batching;

/// <summary>Serves one row at a time (PredictionEngine) by the same computations, with a window of one row.</summary>
internal sealed class BatchedRowMapper(BoundTransform bound) : IRowToRowMapper
{
    public DataViewSchema InputSchema => bound.InputSchema;

    public DataViewSchema OutputSchema => bound.OutputSchema;

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns) =>
        bound.Activate(dependingColumns).Inputs;

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (input.Schema != bound.InputSchema)
        {
            throw new ArgumentException(
                $"The row has schema {input.Schema}, expected the schema that the mapper was made for: {bound.InputSchema}.",
                nameof(input));
        }
        return new BatchedRow(bound, input, bound.Activate(activeColumns));
    }
}
