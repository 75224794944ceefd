using Microsoft.ML;
using Microsoft.ML.Data;
using VideoCaptionRetrieval.Batching;
using VideoCaptionRetrieval.Captioning;
using VideoCaptionRetrieval.Sampling;

namespace VideoCaptionRetrieval.ClipScore;

/// <summary>The filter bound to a schema: from captions and frames to the captions that are kept, their scores, frames and weights.</summary>
internal sealed class ClipScoreComputation : BatchComputation
{
    private readonly ClipScoreFilterTransformer _owner;
    private readonly DataViewSchema.Column _captions;
    private readonly DataViewSchema.Column? _error;

    internal ClipScoreComputation(ClipScoreFilterTransformer owner, DataViewSchema input)
    {
        _owner = owner;
        var options = owner.Options;
        (_captions, Given) = CaptionSlots.Of(input, options.CaptionsColumnName);
        Frames = FrameVector.Of(input, options.FramesColumnName);
        Frames.RequireSize(owner.FrameSize, owner.EncoderName);
        if (Frames.Count != Given.PerCaptioner)
        {
            throw new ArgumentException($"Column '{_captions.Name}' has captions of {Given.PerCaptioner} frames for each captioner, " +
                $"but column '{Frames.Column.Name}' has {Frames.Count} frames; expected one caption for each frame.", nameof(input));
        }
        _error = FrameErrors.In(input);
        Kept = options.Selection switch
        {
            CaptionSelectionRule.TopJoint => new(["joint"], options.KeepJoint),
            CaptionSelectionRule.MiddleFrame => new(Given.Captioners, 1),
            CaptionSelectionRule.TopPerCaptioner or CaptionSelectionRule.Random => new(Given.Captioners, options.KeepPerCaptioner),
            _ => throw new InvalidOperationException($"The selection rule '{options.Selection}' is not known."),
        };
        Outputs = DescribeOutputs(options.CaptionsColumnName, Kept);
        Inputs = [_captions, Frames.Column, .. FrameErrors.AsList(_error)];
    }

    internal CaptionSlots Given { get; }

    internal CaptionSlots Kept { get; }

    internal FrameVector Frames { get; }

    internal override IReadOnlyList<DataViewSchema.Column> Inputs { get; }

    internal override IReadOnlyList<DataViewSchema.DetachedColumn> Outputs { get; }

    internal override int RowsPerBatch => MicroBatch.Rows(_owner.Options.ImagesPerBatch, Frames.Count);

    internal static IReadOnlyList<DataViewSchema.DetachedColumn> DescribeOutputs(string name, CaptionSlots kept)
    {
        DataViewSchema.DetachedColumn Column(string suffix, PrimitiveDataViewType type) =>
            new(name + suffix, new VectorDataViewType(type, kept.Count), kept.ToAnnotations());
        return
        [
            Column("", TextDataViewType.Instance), Column(".Scores", NumberDataViewType.Single),
            Column(".Frames", NumberDataViewType.Int32), Column(".Weights", NumberDataViewType.Single),
        ];
    }

    internal override ComputationBatch CreateBatch(DataViewRow input, int capacity) => new ClipScoreBatch(_owner, this,
        new VectorInput<ReadOnlyMemory<char>>(input, _captions, capacity), new VectorInput<byte>(input, Frames.Column, capacity),
        FrameErrors.CreateInput(input, _error, capacity), capacity);
}
