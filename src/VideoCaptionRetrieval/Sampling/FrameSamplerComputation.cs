using Microsoft.ML;
using VideoCaptionRetrieval.Batching;

namespace VideoCaptionRetrieval.Sampling;

/// <summary>The frame sampler bound to a schema: from the columns that name a clip to frames, times and the error.</summary>
internal sealed class FrameSamplerComputation(FrameSamplerTransformer owner, ClipColumns clips, DataViewSchema schema) : BatchComputation
{
    internal override IReadOnlyList<DataViewSchema.Column> Inputs { get; } = clips.In(schema);

    internal override IReadOnlyList<DataViewSchema.DetachedColumn> Outputs { get; } = owner.DescribeOutputs();

    internal override int RowsPerBatch =>
        owner.Options.ParallelVideos ?? Math.Clamp(Environment.ProcessorCount, 1, FrameSamplerOptions.MostParallelVideos);

    internal override ComputationBatch CreateBatch(DataViewRow input, int capacity) =>
        new FrameSamplerBatch(owner, clips.CreateReader(input), capacity);
}
