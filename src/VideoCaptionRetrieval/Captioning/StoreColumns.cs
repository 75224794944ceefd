using Microsoft.ML;
using Microsoft.ML.Data;
using VideoCaptionRetrieval.Batching;
using VideoCaptionRetrieval.Interop;
using VideoCaptionRetrieval.Sampling;

namespace VideoCaptionRetrieval.Captioning;

/// <summary>
/// The columns by which captions of a column of frames are stored: which video, and the frames' times. Where they are not there (a
/// user's own frames), the frames' bytes stand for themselves.
/// </summary>
internal sealed record StoreColumns(ClipColumns? Clips, DataViewSchema.Column? Times, IReadOnlyList<DataViewSchema.Column> Inputs)
{
    internal static StoreColumns Of(DataViewSchema schema, DataViewSchema.Column frames)
    {
        var known = FrameSourceAnnotation.TryGet(frames, out FrameSourceAnnotation? source)
            && schema.GetColumnOrNull(source.Clips.Path) is not null;
        if (!known || schema.GetColumnOrNull(FrameSamplerTransformer.TimesColumn(frames.Name)) is null) return new(null, null, []);
        var times = ColumnShapes.Require(schema, FrameSamplerTransformer.TimesColumn(frames.Name), NumberDataViewType.Double, vector: true);
        return new(source!.Clips, times, [times, .. source.Clips.In(schema)]);
    }

    internal StoreInput CreateInput(DataViewRow row, int capacity) =>
        new(Clips?.CreateReader(row), Times is { } times ? new VectorInput<double>(row, times, capacity) : null, capacity);
}
