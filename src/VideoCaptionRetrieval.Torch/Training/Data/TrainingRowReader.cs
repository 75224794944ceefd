using Microsoft.ML;
using Microsoft.ML.Data;
using VideoCaptionRetrieval.Interop;

namespace VideoCaptionRetrieval.Torch.Training.Data;

/// <summary>Reads the current row of a cursor.</summary>
internal sealed class TrainingRowReader
{
    private readonly Func<VideoClip> _clip;
    private readonly Func<string> _error;
    private readonly Func<ReadOnlyMemory<char>[]> _captions;
    private readonly Func<float[]>? _scores;
    private readonly ValueGetter<VBuffer<byte>>? _frames;
    private readonly ValueGetter<float>? _weight;
    private VBuffer<byte> _buffer;
    private byte[] _bytes = [];

    internal TrainingRowReader(DataViewRow row, TrainingColumns columns)
    {
        _clip = columns.Source?.Clips.CreateReader(row) ?? Named(RowReader.Text(row, columns.Clip[0]));
        _error = columns.FrameError is { } error ? RowReader.Text(row, error) : () => "";
        _captions = RowReader.List<ReadOnlyMemory<char>>(row, columns.Captions);
        _scores = columns.Scores is { } scores ? RowReader.List<float>(row, scores) : null;
        _weight = columns.Weight is { } weight ? row.GetGetter<float>(weight) : null;
        _frames = columns.Source is null ? row.GetGetter<VBuffer<byte>>(columns.Frames.Column) : null;
    }

    /// <summary>The row as something to train on, or why it is not. Captions are not asked for where frames could not be read.</summary>
    internal TrainingItem? Read(out SkippedVideo? skipped)
    {
        var clip = _clip();
        skipped = _error() is { Length: > 0 } error ? new(clip.VideoId, error) : null;
        if (skipped is not null) return null;
        var texts = _captions();
        var scores = _scores?.Invoke();
        if (scores is not null && scores.Length != texts.Length)
            throw new InvalidDataException($"Video '{clip.VideoId}' has {texts.Length} captions and {scores.Length} scores; expected as many.");
        var present = Enumerable.Range(0, texts.Length)
            .Where(l => !texts[l].Span.IsWhiteSpace() && !float.IsNaN(scores?[l] ?? 0)).ToList();
        if (present.Count == 0)
        {
            skipped = new(clip.VideoId, scores is null ? "it has no caption" : "it has no caption with a score");
            return null;
        }
        return new(clip, [.. present.Select(l => texts[l].ToString())],
            scores is null ? null : [.. present.Select(l => scores[l])], Weight(clip));
    }

    private float Weight(VideoClip clip)
    {
        var weight = 1f;
        _weight?.Invoke(ref weight);
        return weight >= 0 && float.IsFinite(weight)
            ? weight
            : throw new InvalidDataException($"Video '{clip.VideoId}' has the weight '{weight}'; expected a number of at least 0.");
    }

    /// <summary>[k·N, S, S, 3]; valid until the next call.</summary>
    internal ReadOnlySpan<byte> Frames()
    {
        _frames!(ref _buffer);
        if (_bytes.Length != _buffer.Length) _bytes = new byte[_buffer.Length];
        _buffer.CopyTo(_bytes);
        return _bytes;
    }

    // Frames of the column itself need no path.
    private static Func<VideoClip> Named(Func<string> id) => () => new(id(), "");
}
