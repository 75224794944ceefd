using Microsoft.ML;
using Microsoft.ML.Data;
using VideoCaptionRetrieval.Batching;
using VideoCaptionRetrieval.Sampling;

namespace VideoCaptionRetrieval.Captioning;

/// <summary>The captioner bound to a schema: from columns of frames to one column of captions.</summary>
internal sealed class CaptioningComputation : BatchComputation
{
    private readonly ImageCaptionerTransformer _owner;
    private readonly FrameColumnView[] _frames;             // for each captioner
    private readonly StoredFrameColumns[]? _storeColumns;
    private readonly DataViewSchema.Column? _error;

    internal CaptioningComputation(ImageCaptionerTransformer owner, DataViewSchema input)
    {
        _owner = owner;
        _frames = [.. owner.Captioners.Select(network => Frames(network, input))];
        var counts = _frames.Select(frames => frames.Count).Distinct().ToArray();
        if (counts.Length > 1)
        {
            throw new ArgumentException("All captioners have to caption the same number of frames; found " +
                string.Join(", ", _frames.Select(frames => $"{frames.Count} in column '{frames.Column.Name}'")) + ".", nameof(input));
        }
        Slots = new([.. owner.Captioners.Select(network => network.Captioner.Name)], counts[0]);
        _error = FrameErrorColumn.Find(input);
        _storeColumns = owner.Store is null ? null : [.. _frames.Select(frames => StoredFrameColumns.Find(input, frames.Column))];
        Inputs =
        [
            .. _frames.Select(frames => frames.Column), .. FrameErrorColumn.AsList(_error),
            .. _storeColumns?.SelectMany(columns => columns.Inputs) ?? [],
        ];
        Outputs = [DescribeOutput(owner.Options.OutputColumnName, Slots)];
    }

    internal CaptionSlots Slots { get; }

    internal override IReadOnlyList<DataViewSchema.Column> Inputs { get; }

    internal override IReadOnlyList<DataViewSchema.DetachedColumn> Outputs { get; }

    internal override int RowsPerBatch => MicroBatch.Rows(_owner.Options.ImagesPerBatch, Slots.PerCaptioner);

    internal static DataViewSchema.DetachedColumn DescribeOutput(string name, CaptionSlots slots) =>
        new(name, new VectorDataViewType(TextDataViewType.Instance, slots.Count), slots.ToAnnotations());

    internal override ComputationBatch CreateBatch(DataViewRow input, int capacity) => new CaptioningBatch(_owner, Slots,
        [.. _frames.Select((frames, c) => new CaptionerInput(_owner.Captioners[c], frames, input, _storeColumns?[c], capacity))],
        FrameErrorColumn.CreateInput(input, _error, capacity), capacity);

    private static FrameColumnView Frames(CaptionerNetwork network, DataViewSchema input)
    {
        var frames = FrameColumnView.Find(input, network.Captioner.FramesColumnName);
        if (network.FrameSize is { } size) frames.RequireSize(size, network.DisplayName);
        return frames;
    }
}
