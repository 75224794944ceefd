using Microsoft.ML;
using Microsoft.ML.Data;
using VideoCaptionRetrieval.Batching;
using VideoCaptionRetrieval.Captioning;
using VideoCaptionRetrieval.Interop;
using VideoCaptionRetrieval.Sampling;

namespace VideoCaptionRetrieval.ClipScore;

/// <summary>The filter bound to a schema: reads captions and frames, adds the kept captions, their scores and frame indices.</summary>
internal sealed class ClipScoreComputation : BatchComputation
{
    private readonly ClipScoreFilterTransformer _owner;
    private readonly DataViewSchema.Column _captions;
    private readonly DataViewSchema.Column? _error;

    internal ClipScoreComputation(ClipScoreFilterTransformer owner, DataViewSchema input)
    {
        _owner = owner;
        var options = owner.Options;
        (_captions, Given) = CaptionSlots.Read(input, options.CaptionsColumnName);
        Frames = FrameColumnView.Find(input, options.FramesColumnName);
        Frames.RequireSize(owner.FrameSize, owner.EncoderName);
        if (Frames.Count != Given.PerCaptioner)
        {
            throw new ArgumentException($"Column '{_captions.Name}' has captions of {Given.PerCaptioner} frames for each captioner, " +
                $"but column '{Frames.Column.Name}' has {Frames.Count} frames; expected one caption for each frame.", nameof(input));
        }
        _error = FrameErrorColumn.Find(input);
        Kept = options.Selection switch
        {
            CaptionSelectionRule.TopOverall => new(["joint"], options.KeepOverall),
            CaptionSelectionRule.MiddleFrame => new(Given.Captioners, 1),
            CaptionSelectionRule.TopPerCaptioner or CaptionSelectionRule.Random => new(Given.Captioners, options.KeepPerCaptioner),
            _ => throw new InvalidOperationException($"The selection rule '{options.Selection}' is not known."),
        };
        Outputs = DescribeOutputs(options.CaptionsColumnName, Kept);
        Inputs = [_captions, Frames.Column, .. FrameErrorColumn.AsList(_error)];
    }

    /// <summary>The slots of the input column: one caption for each frame of each captioner.</summary>
    internal CaptionSlots Given { get; }

    /// <summary>The slots of the output columns: one for each rank of each captioner.</summary>
    internal CaptionSlots Kept { get; }

    internal FrameColumnView Frames { get; }

    internal override IReadOnlyList<DataViewSchema.Column> Inputs { get; }

    internal override IReadOnlyList<DataViewSchema.DetachedColumn> Outputs { get; }

    internal override int RowsPerBatch => MicroBatch.Rows(_owner.Options.ImagesPerBatch, Frames.Count);

    internal static IReadOnlyList<DataViewSchema.DetachedColumn> DescribeOutputs(string name, CaptionSlots kept)
    {
        DataViewSchema.DetachedColumn Column(string suffix, PrimitiveDataViewType type) =>
            new(name + suffix, new VectorDataViewType(type, kept.Count), kept.ToAnnotations());
        return
        [
            Column("", TextDataViewType.Instance), Column(".Scores", NumberDataViewType.Single), Column(".Frames", NumberDataViewType.Int32),
        ];
    }

    internal override ComputationBatch CreateBatch(DataViewRow input, int capacity) => new ClipScoreBatch(_owner, this,
        new VectorInput<ReadOnlyMemory<char>>(input, _captions, capacity), new VectorInput<byte>(input, Frames.Column, capacity),
        FrameErrorColumn.CreateInput(input, _error, capacity), capacity);
}

/// <summary>Scores and selects the captions of a window of videos, whose frames are embedded by one call, and whose texts by another.</summary>
internal sealed class ClipScoreBatch : ComputationBatch
{
    private readonly ClipScoreFilterTransformer _owner;
    private readonly ClipScoreComputation _bound;
    private readonly VectorInput<ReadOnlyMemory<char>> _captions;
    private readonly VectorInput<byte> _frames;
    private readonly TextInput? _errors;
    private readonly ReadOnlyMemory<char>[] _texts;     // outputs: [capacity, kept]
    private readonly float[] _scores;
    private readonly int[] _frameIndices;

    internal ClipScoreBatch(ClipScoreFilterTransformer owner, ClipScoreComputation bound, VectorInput<ReadOnlyMemory<char>> captions,
        VectorInput<byte> frames, TextInput? errors, int capacity)
    {
        (_owner, _bound, _captions, _frames, _errors) = (owner, bound, captions, frames, errors);
        var places = capacity * bound.Kept.Count;
        (_texts, _scores, _frameIndices) = (new ReadOnlyMemory<char>[places], new float[places], new int[places]);
    }

    internal override void Read(int slot)
    {
        _captions.Read(slot);
        _frames.Read(slot);
        _errors?.Read(slot);
    }

    internal override Delegate CreateGetter(int output, Func<int> slot) => output switch
    {
        0 => ColumnGetters.Vector(_texts, _bound.Kept.Count, slot),
        1 => ColumnGetters.Vector(_scores, _bound.Kept.Count, slot),
        _ => ColumnGetters.Vector(_frameIndices, _bound.Kept.Count, slot),
    };

    internal override void Compute(int count)
    {
        _owner.Environment.ThrowIfCancelled(_owner.Options.CancellationToken);
        Array.Clear(_texts);
        Array.Fill(_scores, float.NaN);
        Array.Fill(_frameIndices, -1);
        var videos = Enumerable.Range(0, count).Select(slot => (Slot: slot, Captions: GivenCaptions(slot)))
            .Where(video => video.Captions.Exists(caption => caption.HasText)).ToList();
        if (videos.Count > 0) ScoreAndSelect(videos);
        _owner.Report(count, videos.Sum(video => video.Captions.Count(caption => caption.HasText)));
    }

    private void ScoreAndSelect(List<(int Slot, List<ScoredCaption> Captions)> videos)
    {
        var encoder = _owner.Encoder;
        if (encoder.FrameFormat.Size != _bound.Frames.Size) _bound.Frames.RequireSize(encoder.FrameFormat.Size, _owner.EncoderName);
        var scorer = new CaptionScorer(encoder, _owner.Options);
        var scores = scorer.Score(GatherFrames([.. videos.Select(video => video.Slot)]),
            [.. videos.SelectMany(video => video.Captions).Select(caption => caption.Text)],
            [.. videos.SelectMany((video, v) => video.Captions.Select(caption => (v * _bound.Frames.Count) + caption.Frame))]);
        var first = 0;
        foreach (var (slot, captions) in videos)
        {
            Keep(slot, scorer.Select([.. captions.Select((caption, i) => caption with { Score = scores[first + i] })]));
            first += captions.Count;
        }
    }

    private byte[] GatherFrames(int[] slots)
    {
        var frames = new byte[slots.Length * _frames.Length];
        for (var v = 0; v < slots.Length; v++) _frames.Slot(slots[v]).CopyTo(frames.AsSpan(v * _frames.Length));
        return frames;
    }

    private List<ScoredCaption> GivenCaptions(int slot)
    {
        if (!string.IsNullOrEmpty(_errors?[slot])) return [];
        var texts = _captions.Slot(slot);
        var captions = new List<ScoredCaption>(texts.Length);
        for (var i = 0; i < texts.Length; i++)
            captions.Add(new(i / _bound.Given.PerCaptioner, i % _bound.Given.PerCaptioner, texts[i].ToString(), double.NaN));
        return captions;
    }

    private void Keep(int slot, IReadOnlyList<ScoredCaption> kept)
    {
        var next = new Dictionary<int, int>();                          // rank inside each captioner
        foreach (var caption in kept)
        {
            var group = _owner.Options.Selection == CaptionSelectionRule.TopOverall ? 0 : caption.Captioner;
            var rank = next.GetValueOrDefault(group);
            next[group] = rank + 1;
            var at = (slot * _bound.Kept.Count) + (group * _bound.Kept.PerCaptioner) + rank;
            (_texts[at], _scores[at], _frameIndices[at]) = (caption.Text.AsMemory(), (float)caption.Score, caption.Frame);
        }
    }
}
