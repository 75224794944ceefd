using System.IO.Hashing;
using System.Text;
using Microsoft.ML;
using Microsoft.ML.Data;
using VideoCaptionRetrieval.Data;
using VideoCaptionRetrieval.Interop;
using VideoCaptionRetrieval.Sampling;

namespace VideoCaptionRetrieval.Torch.Training.Data;

/// <summary>One video to train on.</summary>
/// <param name="Clip">Where its frames are.</param>
/// <param name="Captions">Its captions, none blank; at least one where it is trained on.</param>
/// <param name="Scores">Their CLIPScores, one for each caption, or null where captions are not weighted by them.</param>
/// <param name="Weight">How often it is drawn, relative to the others; at least 0.</param>
internal sealed record TrainingItem(VideoClip Clip, IReadOnlyList<string> Captions, IReadOnlyList<float>? Scores = null, float Weight = 1)
{
    /// <summary>The video file without links, which parts of one video share; of a pool of frames, the video that the name tells.</summary>
    internal string File { get; init; } = Clip.Path.Length > 0 ? RealPath.Of(Clip.Path) : ClipName.VideoOf(Clip.VideoId);

    /// <summary>All captions as one text.</summary>
    internal string JoinedCaptions => string.Join(' ', Captions);

    /// <summary>Returns the item with the captions that a step uses. The same seed, draw and video give the same ones.</summary>
    internal TrainingItem SampleCaptions(CaptionSampling sampling, int seed, int draw)
    {
        switch (sampling)
        {
            case CaptionSampling.Concatenate:
                return this with { Captions = [JoinedCaptions], Scores = Scores is null ? null : [Scores.Max()] };
            case CaptionSampling.All:
            case CaptionSampling.OneRandom when Captions.Count == 1:
                return this;
            case CaptionSampling.OneRandom:
                var hash = XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(Clip.VideoId), ((long)seed << 32) + draw);
                var drawn = (int)(hash % (ulong)Captions.Count);
                return this with { Captions = [Captions[drawn]], Scores = Scores is null ? null : [Scores[drawn]] };
            default:
                throw new ArgumentOutOfRangeException(nameof(sampling), sampling, $"The sampling '{sampling}' is not known.");
        }
    }
}

/// <summary>
/// What training takes from a data view, read in one pass: captions are small and kept; frames are not, except in a pool.
/// </summary>
/// <param name="Items">The videos without an error, and with a caption or a query.</param>
/// <param name="Skipped">The others, and why.</param>
internal sealed record TrainingData(IReadOnlyList<TrainingItem> Items, IReadOnlyList<SkippedVideo> Skipped)
{
    /// <summary>Reads all rows once. Rows of one name are one video with all their captions.</summary>
    /// <param name="input">The data.</param>
    /// <param name="columns">Its columns.</param>
    /// <param name="pool">Takes the frames where they come from the column itself.</param>
    /// <param name="checkAlive">Called for each row; throws to end the reading.</param>
    /// <param name="asked">Normalised names of videos that validation queries are about, which need no caption.</param>
    /// <exception cref="InvalidDataException">Rows of one name are about different files or parts, or hold different frames or weights.</exception>
    internal static TrainingData Read(
        IDataView input, TrainingColumns columns, FramePool? pool, Action checkAlive, IReadOnlySet<string> asked)
    {
        using var cursor = input.GetRowCursor(columns.Read());
        var reader = new TrainingRowReader(cursor, columns);
        var rows = new TrainingRows(pool, asked);
        while (cursor.MoveNext())
        {
            checkAlive();
            rows.Add(reader);
        }
        pool?.Flush();
        return new(rows.Items(), rows.Skipped());
    }

    /// <exception cref="ArgumentException">There are fewer videos than a step needs.</exception>
    internal void RequireEnoughVideos()
    {
        const int Shown = 3;
        if (Items.Count >= BatchSampler.MinBatchSize) return;
        var reasons = string.Concat(Skipped.Take(Shown).Select(video => $" '{video.VideoId}' is left out: {video.Reason}."));
        var rest = Skipped.Count > Shown ? $" {Skipped.Count - Shown} others are left out too." : "";
        throw new ArgumentException($"There are {Items.Count} videos with a caption and without an error; training contrasts videos with each other "
            + $"and needs at least {BatchSampler.MinBatchSize}.{reasons}{rest}");
    }
}

/// <summary>The columns of a data view that training reads.</summary>
/// <param name="Frames">The frame column; its values are read only where it has no source.</param>
/// <param name="Source">Where its frames come from; null: from the column itself, which is a pool.</param>
/// <param name="Clip">The columns that say which video a row is about.</param>
/// <param name="Captions">Text, or a vector of Text.</param>
/// <param name="Scores">Single, or a vector of Single; null where captions are not weighted by score.</param>
/// <param name="FrameError">Text; null where the input has none.</param>
/// <param name="Weight">Single: how often a video is drawn; null where all are drawn alike.</param>
internal sealed record TrainingColumns(
    FrameColumnView Frames, FrameSourceAnnotation? Source, IReadOnlyList<DataViewSchema.Column> Clip,
    DataViewSchema.Column Captions, DataViewSchema.Column? Scores, DataViewSchema.Column? FrameError,
    DataViewSchema.Column? Weight = null)
{
    /// <summary>Finds and checks the columns.</summary>
    /// <param name="schema">The input's.</param>
    /// <param name="names">Their names.</param>
    /// <param name="withScores">Whether the captions' scores are needed.</param>
    /// <exception cref="ArgumentException">A column is missing or has another type.</exception>
    internal static TrainingColumns Find(DataViewSchema schema, TrainingColumnOptions names, bool withScores)
    {
        var frames = FrameColumnView.Find(schema, names.Frames);
        FrameSourceAnnotation.TryGet(frames.Column, out FrameSourceAnnotation? source);
        return new(
            frames,
            source,
            source?.Clips.In(schema) ?? [ColumnShapes.Require(schema, names.VideoId, TextDataViewType.Instance, vector: false)],
            List(schema, names.Captions, TextDataViewType.Instance),
            withScores ? List(schema, names.Scores, NumberDataViewType.Single) : null,
            schema.GetColumnOrNull(FrameSamplerTransformer.ErrorColumn) is null
                ? null
                : ColumnShapes.Require(schema, FrameSamplerTransformer.ErrorColumn, TextDataViewType.Instance, vector: false),
            names.SamplingWeight is { } weight ? ColumnShapes.Require(schema, weight, NumberDataViewType.Single, vector: false) : null);
    }

    /// <summary>The columns whose values are read.</summary>
    internal IEnumerable<DataViewSchema.Column> Read()
    {
        foreach (var column in Clip) yield return column;
        yield return Captions;
        if (Scores is { } scores) yield return scores;
        if (FrameError is { } error) yield return error;
        if (Weight is { } weight) yield return weight;
        if (Source is null) yield return Frames.Column;
    }

    /// <summary>Finds a column of one value or of any number of values.</summary>
    private static DataViewSchema.Column List(DataViewSchema schema, string name, PrimitiveDataViewType type)
    {
        if (schema.GetColumnOrNull(name) is not { } column)
        {
            var names = string.Join(", ", schema.Select(one => $"'{one.Name}'"));
            throw new ArgumentException($"Column '{name}' ({type} or Vector<{type}>) is missing; the input has {names}.", nameof(schema));
        }
        var item = column.Type is VectorDataViewType vector ? vector.ItemType : column.Type;
        return item.Equals(type)
            ? column
            : throw new ArgumentException($"Column '{name}' is {column.Type}; expected {type} or Vector<{type}>.", nameof(schema));
    }
}

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

    /// <summary>Returns what the row says. Captions are not asked for where frames could not be read.</summary>
    internal TrainingRow Read()
    {
        var clip = _clip();
        if (_error() is { Length: > 0 } error) return new(clip, [], null, 1, error, IsReadable: false);
        var texts = _captions();
        var scores = _scores?.Invoke();
        if (scores is not null && scores.Length != texts.Length)
            throw new InvalidDataException($"Video '{clip.VideoId}' has {texts.Length} captions and {scores.Length} scores; expected as many.");
        var present = Enumerable.Range(0, texts.Length)
            .Where(l => !texts[l].Span.IsWhiteSpace() && !float.IsNaN(scores?[l] ?? 0)).ToList();
        var fault = present.Count > 0 ? null : scores is null ? "it has no caption" : "it has no caption with a score";
        return new(clip, [.. present.Select(l => texts[l].ToString())],
            scores is null ? null : [.. present.Select(l => scores[l])], Weight(clip), fault, IsReadable: true);
    }

    private float Weight(VideoClip clip)
    {
        var weight = 1f;
        _weight?.Invoke(ref weight);
        return weight >= 0 && float.IsFinite(weight)
            ? weight
            : throw new InvalidDataException(Invariant($"Video '{clip.VideoId}' has the weight '{weight}'; expected a number of at least 0."));
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
