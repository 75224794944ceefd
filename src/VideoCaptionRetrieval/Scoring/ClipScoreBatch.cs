using VideoCaptionRetrieval.Batching;
using VideoCaptionRetrieval.Interop;

namespace VideoCaptionRetrieval.Scoring;

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
        var videos = Enumerable.Range(0, count).Select(slot => (Slot: slot, Captions: GivenCaptions(slot))).Where(video => video.Captions.Exists(caption => caption.HasText)).ToList();
        var captions = videos.SelectMany(video => video.Captions).Where(caption => caption.HasText).Select(caption => caption.Text).Distinct().ToList();
        if (captions.Count > 0)
        {
            var encoder = _owner.Encoder;
            var frames = EmbedFrames(encoder, [.. videos.Select(video => video.Slot)]);
            var texts = new float[captions.Count * encoder.Dimension];
            encoder.EmbedTexts([.. captions.Select(caption => _owner.Options.Prefix + caption)], texts);
            var at = captions.Index().ToDictionary(caption => caption.Item, caption => caption.Index);
            foreach (var ((slot, given), v) in videos.Select((video, v) => (video, v)))
                Keep(slot, given.ConvertAll(caption => caption.HasText ? caption with { Score = Score(frames, (v * _bound.Frames.Count) + caption.Frame, texts, at[caption.Text], encoder.Dimension) } : caption));
        }
        _owner.Report(count, captions.Count);
    }

    private static double Score(float[] frames, int frame, float[] texts, int text, int dimension) =>
        QueryScoring.ClipScore(frames.AsSpan(frame * dimension, dimension), texts.AsSpan(text * dimension, dimension));

    private float[] EmbedFrames(Models.IDualEncoder encoder, int[] slots)
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
        foreach (var caption in _owner.Options.Select(captions))
        {
            var group = _owner.Options.Selection == CaptionSelectionRule.TopJoint ? 0 : caption.Captioner;
            var rank = next.GetValueOrDefault(group);
            next[group] = rank + 1;
            var at = (slot * _bound.Kept.Count) + (group * _bound.Kept.PerCaptioner) + rank;
            (_texts[at], _scores[at], _frameIndices[at]) = (caption.Text.AsMemory(), (float)caption.Score, caption.Frame);
        }
    }
}
