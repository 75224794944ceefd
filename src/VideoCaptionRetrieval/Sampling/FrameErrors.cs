using Microsoft.ML;
using Microsoft.ML.Data;
using VideoCaptionRetrieval.Batching;

namespace VideoCaptionRetrieval.Sampling;

/// <summary>The column FrameError, where a schema has it: no network runs on a row whose video could not be read.</summary>
internal static class FrameErrors
{
    /// <summary>The column, or null.</summary>
    internal static DataViewSchema.Column? In(DataViewSchema schema) =>
        schema.GetColumnOrNull(FrameSamplerTransformer.ErrorColumn) is { Type: TextDataViewType } column ? column : null;

    /// <summary>The column as a list of at most one.</summary>
    internal static IReadOnlyList<DataViewSchema.Column> AsList(DataViewSchema.Column? column) => column is { } one ? [one] : [];

    /// <summary>Slots of the column, or null.</summary>
    internal static TextInput? CreateInput(DataViewRow input, DataViewSchema.Column? column, int capacity) =>
        column is { } one ? new TextInput(input, one, capacity) : null;
}
