using Microsoft.ML;
using Microsoft.ML.Data;
using VideoCaptionRetrieval.Batching;
using VideoCaptionRetrieval.Interop;

namespace VideoCaptionRetrieval.Sampling;

/// <summary>A column of frames and its shape, read from its type Vector&lt;Byte&gt; [N, S, S, 3].</summary>
/// <param name="Column">The column.</param>
/// <param name="Count">The number of frames N.</param>
/// <param name="Size">Width and height S in pixels.</param>
public sealed record FrameColumnView(DataViewSchema.Column Column, int Count, int Size)
{
    private const int Channels = 3;

    /// <summary>Bytes of one frame.</summary>
    internal int FrameBytes => Size * Size * Channels;

    /// <summary>Creates the type of a column of frames.</summary>
    internal static VectorDataViewType Type(int count, int size) => new(NumberDataViewType.Byte, count, size, size, Channels);

    /// <summary>Finds a column of frames.</summary>
    /// <exception cref="ArgumentException">The column is missing or holds no frames.</exception>
    public static FrameColumnView Find(DataViewSchema schema, string name)
    {
        var column = ColumnShapes.Require(schema, name, NumberDataViewType.Byte, vector: true);
        var shape = ((VectorDataViewType)column.Type).Dimensions;
        if (shape is not [> 0, > 0, > 0, Channels] || shape[1] != shape[2])
            throw new ArgumentException($"Column '{name}' is {column.Type}, expected frames: Vector<Byte, N, S, S, 3>.", nameof(schema));
        return new(column, shape[0], shape[1]);
    }

    /// <summary>Copies frames of a row.</summary>
    /// <param name="frames">All frames of the row, [N, S, S, 3].</param>
    /// <param name="entries">Indices of the frames to copy; null = all.</param>
    /// <param name="target">Receives the frames one after the other.</param>
    internal void Copy(ReadOnlySpan<byte> frames, int[]? entries, Span<byte> target)
    {
        if (entries is null) frames.CopyTo(target);
        else for (var n = 0; n < entries.Length; n++) frames.Slice(entries[n] * FrameBytes, FrameBytes).CopyTo(target[(n * FrameBytes)..]);
    }

    /// <summary>Checks that the frames have the size that a network takes.</summary>
    /// <param name="size">The network's size.</param>
    /// <param name="network">The network, for the error.</param>
    /// <exception cref="ArgumentException">They differ; the message names both.</exception>
    public void RequireSize(int size, string network)
    {
        if (Size != size)
        {
            throw new ArgumentException(
                $"Column '{Column.Name}' holds frames of {Size}×{Size} pixels, but {network} takes {size}×{size}. " +
                "Make the column with FrameColumn.For and that checkpoint.");
        }
    }
}

/// <summary>Reads the column FrameError, where a schema has it: no network runs on a row whose video could not be read.</summary>
internal static class FrameErrorColumn
{
    /// <summary>Finds the column; null where the schema has none.</summary>
    internal static DataViewSchema.Column? Find(DataViewSchema schema) =>
        schema.GetColumnOrNull(FrameSamplerTransformer.ErrorColumn) is { Type: TextDataViewType } column ? column : null;

    /// <summary>Wraps the column in a list of at most one.</summary>
    internal static IReadOnlyList<DataViewSchema.Column> AsList(DataViewSchema.Column? column) => column is { } one ? [one] : [];

    /// <summary>Creates slots of the column; null where there is none.</summary>
    internal static TextInput? CreateInput(DataViewRow input, DataViewSchema.Column? column, int capacity) =>
        column is { } one ? new TextInput(input, one, capacity) : null;
}
