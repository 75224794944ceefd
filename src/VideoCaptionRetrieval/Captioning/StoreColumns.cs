using Microsoft.ML;
using Microsoft.ML.Data;
using VideoCaptionRetrieval.Batching;
using VideoCaptionRetrieval.Interop;
using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.Sampling;

namespace VideoCaptionRetrieval.Captioning;

/// <summary>
/// The columns by which captions of a column of frames are stored: which video, and the frames' times. Where they are not there (a
/// user's own frames), the frames' bytes stand for themselves.
/// </summary>
/// <param name="Clips">What names the videos.</param>
/// <param name="Times">The frames' times.</param>
/// <param name="Format">The form in which the frames were taken from their videos.</param>
/// <param name="Inputs">All these columns.</param>
internal sealed record StoreColumns(
    ClipColumns? Clips, DataViewSchema.Column? Times, FrameFormat? Format, IReadOnlyList<DataViewSchema.Column> Inputs)
{
    internal static StoreColumns Of(DataViewSchema schema, DataViewSchema.Column frames)
    {
        var known = FrameSourceAnnotation.TryGet(frames, out FrameSourceAnnotation? source)
            && schema.GetColumnOrNull(source.Clips.Path) is not null;
        if (!known || schema.GetColumnOrNull(FrameSamplerTransformer.TimesColumn(frames.Name)) is null) return new(null, null, null, []);
        var times = ColumnShapes.Require(schema, FrameSamplerTransformer.TimesColumn(frames.Name), NumberDataViewType.Double, vector: true);
        return new(source!.Clips, times, source.Source.Format, [times, .. source.Clips.In(schema)]);
    }

    internal StoreInput CreateInput(DataViewRow row, int capacity) =>
        new(Clips?.CreateReader(row), Times is { } times ? new VectorInput<double>(row, times, capacity) : null, Format, capacity);
}
