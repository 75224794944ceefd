using Microsoft.ML;
using Microsoft.ML.Data;
using VideoCaptionRetrieval.Interop;
using VideoCaptionRetrieval.Sampling;

namespace VideoCaptionRetrieval.Torch.Training.Data;

/// <summary>The columns of a data view that training reads.</summary>
/// <param name="Frames">The frame column; its values are read only where it has no source.</param>
/// <param name="Source">Where its frames come from; null: from the column itself, which is a pool.</param>
/// <param name="Clip">The columns that say which video a row is about.</param>
/// <param name="Captions">Text, or a vector of Text.</param>
/// <param name="Scores">Single, or a vector of Single; null where captions are not weighted by score.</param>
/// <param name="FrameError">Text, where there is one.</param>
/// <param name="Weight">Single: how often a video is drawn; null where all are drawn alike.</param>
internal sealed record TrainingColumns(
    FrameColumnView Frames, FrameSourceAnnotation? Source, IReadOnlyList<DataViewSchema.Column> Clip,
    DataViewSchema.Column Captions, DataViewSchema.Column? Scores, DataViewSchema.Column? FrameError,
    DataViewSchema.Column? Weight = null)
{
    /// <summary>Finds and checks the columns.</summary>
    /// <exception cref="ArgumentException">A column is missing or has another type.</exception>
    internal static TrainingColumns Find(DataViewSchema schema, MultiCaptionRetrievalOptions options)
    {
        var frames = FrameColumnView.Find(schema, options.FramesColumnName);
        FrameSourceAnnotation.TryGet(frames.Column, out FrameSourceAnnotation? source);
        return new(
            frames,
            source,
            source?.Clips.In(schema) ?? [ColumnShapes.Require(schema, options.VideoIdColumnName, TextDataViewType.Instance, vector: false)],
            List(schema, options.CaptionsColumnName, TextDataViewType.Instance),
            options.CaptionWeighting == CaptionWeighting.Score ? List(schema, options.ScoresColumnName, NumberDataViewType.Single) : null,
            schema.GetColumnOrNull(options.FrameErrorColumnName) is null
                ? null
                : ColumnShapes.Require(schema, options.FrameErrorColumnName, TextDataViewType.Instance, vector: false),
            options.ExampleWeightColumnName is { } weight ? ColumnShapes.Require(schema, weight, NumberDataViewType.Single, vector: false) : null);
    }

    /// <summary>The columns whose values are read.</summary>
    internal IEnumerable<DataViewSchema.Column> Read()
    {
        foreach (var column in Clip) yield return column;
        yield return Captions;
        if (Scores is { } scores) yield return scores;
        if (FrameError is { } error) yield return error;
        if (Weight is { } weight) yield return weight;
        if (Source is null) yield return Frames.Column;
    }

    /// <summary>A column of one value or of any number of values.</summary>
    private static DataViewSchema.Column List(DataViewSchema schema, string name, PrimitiveDataViewType type)
    {
        if (schema.GetColumnOrNull(name) is not { } column)
        {
            var names = string.Join(", ", schema.Select(one => $"'{one.Name}'"));
            throw new ArgumentException($"Column '{name}' ({type} or Vector<{type}>) is missing; the input has {names}.", nameof(schema));
        }
        var item = column.Type is VectorDataViewType vector ? vector.ItemType : column.Type;
        return item.Equals(type) ? column : throw new ArgumentException($"Column '{name}' is {column.Type}; expected {type} or Vector<{type}>.", nameof(schema));
    }
}
