using Microsoft.ML;
using VideoCaptionRetrieval.Batching;

namespace VideoCaptionRetrieval.Sampling;

/// <summary>The frame sampler bound to a schema: from the columns that name a clip to frames, times and the error.</summary>
internal sealed class FrameSamplerComputation(FrameSamplerTransformer owner, ClipColumns clips, DataViewSchema schema) : BatchComputation
{
    internal override IReadOnlyList<DataViewSchema.Column> Inputs { get; } = clips.In(schema);

    internal override IReadOnlyList<DataViewSchema.DetachedColumn> Outputs { get; } = owner.DescribeOutputs();

    /// <summary>The rows that are decoded, or being decoded, at once: bounded by memory, and by what keeps every decoder busy.</summary>
    internal override int RowsPerBatch => (int)Math.Clamp(
        owner.Options.ReadAheadBytes / Math.Max(BytesPerRow, 1), 1, RowsForEachDecoder * owner.ParallelVideos);

    internal override bool Streams => true;

    private const int RowsForEachDecoder = 4;

    private long BytesPerRow => owner.Columns.Sum(column => (long)column.Count * column.Format.FrameBytes);

    internal override ComputationBatch CreateBatch(DataViewRow input, int capacity) =>
        new FrameSamplerBatch(owner, clips.CreateReader(input), capacity);
}
