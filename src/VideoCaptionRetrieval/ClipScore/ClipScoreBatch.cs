using Microsoft.ML;
using Microsoft.ML.Data;
using VideoCaptionRetrieval.Batching;
using VideoCaptionRetrieval.Captioning;
using VideoCaptionRetrieval.Interop;
using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.Objective;
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

/// <summary>A window of videos: frames and captions are embedded by one call each, then scored and chosen.</summary>
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
    private readonly float[] _weights;

    internal ClipScoreBatch(ClipScoreFilterTransformer owner, ClipScoreComputation bound, VectorInput<ReadOnlyMemory<char>> captions,
        VectorInput<byte> frames, TextInput? errors, int capacity)
    {
        (_owner, _bound, _captions, _frames, _errors) = (owner, bound, captions, frames, errors);
        var places = capacity * bound.Kept.Count;
        (_texts, _scores, _frameIndices, _weights) = (new ReadOnlyMemory<char>[places], new float[places], new int[places], new float[places]);
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
        2 => ColumnGetters.Vector(_frameIndices, _bound.Kept.Count, slot),
        _ => ColumnGetters.Vector(_weights, _bound.Kept.Count, slot),
    };

    internal override void Compute(int count)
    {
        _owner.Environment.ThrowIfCancelled(_owner.Options.CancellationToken);
        Array.Clear(_texts);
        Array.Fill(_scores, float.NaN);
        Array.Fill(_frameIndices, -1);
        Array.Clear(_weights);
        var videos = Enumerable.Range(0, count).Select(slot => (Slot: slot, Captions: GivenCaptions(slot)))
            .Where(video => video.Captions.Exists(caption => caption.HasText)).ToList();
        if (videos.Count > 0)
        {
            var encoder = _owner.Encoder;
            var frames = EmbedFrames(encoder, [.. videos.Select(video => video.Slot)]);
            var texts = EmbedTexts(encoder, videos.SelectMany(video => video.Captions));
            for (var v = 0; v < videos.Count; v++)
            {
                var own = frames.AsMemory(v * _bound.Frames.Count * encoder.Dimension);
                Keep(videos[v].Slot, videos[v].Captions.ConvertAll(caption =>
                    Scored(caption, own.Slice(caption.Frame * encoder.Dimension, encoder.Dimension), texts)));
            }
        }
        _owner.Report(count, videos.Sum(video => video.Captions.Count(caption => caption.HasText)));
    }

    private static ScoredCaption Scored(
        ScoredCaption caption, ReadOnlyMemory<float> frame, Dictionary<string, ReadOnlyMemory<float>> texts) =>
        caption.HasText ? caption with { Score = QueryScoring.ClipScore(frame.Span, texts[caption.Text].Span) } : caption;

    private Dictionary<string, ReadOnlyMemory<float>> EmbedTexts(IDualEncoder encoder, IEnumerable<ScoredCaption> captions)
    {
        var texts = captions.Where(caption => caption.HasText).Select(caption => caption.Text).Distinct().ToArray();
        var embeddings = new float[texts.Length * encoder.Dimension];
        encoder.EmbedTexts([.. texts.Select(text => _owner.Options.Prefix + text)], embeddings);
        return texts.Index().ToDictionary(
            text => text.Item, text => (ReadOnlyMemory<float>)embeddings.AsMemory(text.Index * encoder.Dimension, encoder.Dimension));
    }

    private float[] EmbedFrames(IDualEncoder encoder, int[] slots)
    {
        if (encoder.FrameFormat.Size != _bound.Frames.Size) _bound.Frames.RequireSize(encoder.FrameFormat.Size, _owner.EncoderName);
        var frames = new byte[slots.Length * _frames.Length];
        for (var v = 0; v < slots.Length; v++) _frames.Slot(slots[v]).CopyTo(frames.AsSpan(v * _frames.Length));
        var embeddings = new float[slots.Length * _bound.Frames.Count * encoder.Dimension];
        encoder.EmbedFrames(frames, slots.Length * _bound.Frames.Count, embeddings);
        return embeddings;
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

    private void Keep(int slot, List<ScoredCaption> captions)
    {
        var next = new Dictionary<int, int>();                          // rank inside each captioner
        var kept = _owner.Options.Select(captions);
        var largest = kept.Select(caption => caption.Score).DefaultIfEmpty().Max();
        double Exponential(ScoredCaption caption) => Math.Exp((caption.Score - largest) / _owner.Options.WeightTemperature);
        var total = kept.Sum(Exponential);
        foreach (var caption in kept)
        {
            var group = _owner.Options.Selection == CaptionSelectionRule.TopJoint ? 0 : caption.Captioner;
            var rank = next.GetValueOrDefault(group);
            next[group] = rank + 1;
            var at = (slot * _bound.Kept.Count) + (group * _bound.Kept.PerCaptioner) + rank;
            (_texts[at], _scores[at], _frameIndices[at]) = (caption.Text.AsMemory(), (float)caption.Score, caption.Frame);
            _weights[at] = (float)(Exponential(caption) / total);
        }
    }
}
