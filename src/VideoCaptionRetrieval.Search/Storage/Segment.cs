using VideoCaptionRetrieval.Objective;
using VideoCaptionRetrieval.Search.Hits;

namespace VideoCaptionRetrieval.Search.Storage;

/// <summary>The videos of one data file in memory, frame after frame. Immutable, so thread-safe.</summary>
internal sealed class Segment
{
    private readonly float[] _frames;
    private readonly double[] _times;
    private readonly double[] _lengths;
    private readonly int[] _starts;
    private readonly int _dimension;
    private readonly Dictionary<string, int> _rows;

    /// <param name="dimension">D.</param>
    /// <param name="videoIds">[V].</param>
    /// <param name="frameCounts">[V], frames of each video.</param>
    /// <param name="frames">[F, D], F the sum of the counts.</param>
    /// <param name="times">[F].</param>
    internal Segment(int dimension, string[] videoIds, ReadOnlySpan<int> frameCounts, float[] frames, double[] times)
    {
        (_dimension, VideoIds, _frames, _times) = (dimension, videoIds, frames, times);
        _starts = new int[videoIds.Length + 1];
        for (var row = 0; row < videoIds.Length; row++) _starts[row + 1] = _starts[row] + frameCounts[row];
        _lengths = new double[times.Length];
        QueryScoring.Lengths(frames, dimension, _lengths);
        _rows = new(videoIds.Length, StringComparer.Ordinal);
        for (var row = 0; row < videoIds.Length; row++) _rows.TryAdd(videoIds[row], row);
    }

    /// <summary>Creates a segment by copying videos.</summary>
    internal static Segment From(int dimension, IReadOnlyList<IndexedVideo> videos)
    {
        var counts = videos.Select(video => video.Times.Length).ToArray();
        var (frames, times) = (new float[checked(counts.Sum() * dimension)], new double[counts.Sum()]);
        var start = 0;
        foreach (var video in videos)
        {
            video.Frames.Span.CopyTo(frames.AsSpan(start * dimension));
            video.Times.Span.CopyTo(times.AsSpan(start));
            start += video.Times.Length;
        }
        return new(dimension, [.. videos.Select(video => video.VideoId)], counts, frames, times);
    }

    internal string[] VideoIds { get; }

    /// <summary>Whether no name stands in the segment twice.</summary>
    internal bool HasOneRowForEachName => _rows.Count == VideoIds.Length;

    /// <summary>Finds the row of a video; null where the segment does not hold it.</summary>
    internal int? Row(string videoId) => _rows.TryGetValue(videoId, out var row) ? row : null;

    /// <summary>[F, D].</summary>
    internal float[] Frames => _frames;

    /// <summary>[F], seconds.</summary>
    internal double[] Times => _times;

    internal int FrameCount(int row) => _starts[row + 1] - _starts[row];

    internal IndexedVideo Video(int row) => new(
        VideoIds[row],
        _frames.AsMemory(_starts[row] * _dimension, FrameCount(row) * _dimension),
        _times.AsMemory(_starts[row], FrameCount(row)));

    /// <summary>Scores a video for a query.</summary>
    internal VideoScore Score(int row, ReadOnlySpan<float> query, double queryLength, FrameScoring scoring) => QueryScoring.Score(
        _frames.AsSpan(_starts[row] * _dimension, FrameCount(row) * _dimension), _lengths.AsSpan(_starts[row], FrameCount(row)),
        query, queryLength, scoring);

    internal double Time(int row, int frame) => _times[_starts[row] + frame];
}

/// <summary>A segment without the videos that were removed or replaced since it was written. Immutable.</summary>
internal sealed class SegmentView
{
    private readonly bool[] _removed;

    internal SegmentView(SegmentEntry entry, Segment segment) : this(entry, segment, new bool[segment.VideoIds.Length], segment.Times.Length, entry.Removed) { }

    /// <param name="entry">What index.json says of the segment, with all rows that are removed.</param>
    /// <param name="segment">The data.</param>
    /// <param name="removed">The rows that were removed before; owned by this view.</param>
    /// <param name="liveFrames">The frames of the rows that were left.</param>
    /// <param name="gone">The rows that are removed now.</param>
    private SegmentView(SegmentEntry entry, Segment segment, bool[] removed, long liveFrames, IEnumerable<int> gone)
    {
        (Entry, Segment, _removed, LiveFrames) = (entry, segment, removed, liveFrames);
        foreach (var row in gone)
        {
            if (_removed[row]) continue;
            _removed[row] = true;
            LiveFrames -= segment.FrameCount(row);
        }
    }

    internal SegmentEntry Entry { get; }

    internal Segment Segment { get; }

    internal long LiveFrames { get; }

    internal int LiveVideos => Entry.Videos - Entry.Removed.Length;

    internal bool IsEmpty => LiveVideos == 0;

    internal IEnumerable<int> LiveRows => Enumerable.Range(0, _removed.Length).Where(row => !_removed[row]);

    internal bool IsLive(int row) => !_removed[row];

    /// <summary>Finds the row of a video; null where this view does not show it.</summary>
    internal int? Row(string videoId) => Segment.Row(videoId) is { } row && IsLive(row) ? row : null;

    /// <summary>Returns a view without some of the videos.</summary>
    internal SegmentView Without(IReadOnlySet<string> videoIds)
    {
        var gone = videoIds.Select(Row).OfType<int>().ToArray();
        return gone.Length == 0
            ? this
            : new(Entry with { Removed = [.. Entry.Removed.Concat(gone).Order()] }, Segment, [.. _removed], LiveFrames, gone);
    }
}

/// <summary>A range of rows of a segment: the unit of work of a search thread.</summary>
/// <param name="View">The segment.</param>
/// <param name="First">The first row.</param>
/// <param name="End">The row after the last.</param>
internal readonly record struct SegmentSlice(SegmentView View, int First, int End)
{
    // About 10 MB at 10 frames of 512 values: long enough to hide the cost of a task, short enough to share out evenly.
    private const int VideosPerSlice = 512;

    internal static IReadOnlyList<SegmentSlice> Divide(IEnumerable<SegmentView> views) =>
    [
        .. from view in views
           from slice in Enumerable.Range(0, (view.Entry.Videos + VideosPerSlice - 1) / VideosPerSlice)
           select new SegmentSlice(view, slice * VideosPerSlice, Math.Min((slice + 1) * VideosPerSlice, view.Entry.Videos)),
    ];

    /// <summary>Scores every video and adds the best to <paramref name="hits"/>.</summary>
    internal void Search(ReadOnlySpan<float> query, double queryLength, IndexSettings settings, TopHits hits)
    {
        for (var row = First; row < End; row++)
        {
            if (!View.IsLive(row)) continue;
            var score = View.Segment.Score(row, query, queryLength, settings.Scoring);
            var id = View.Segment.VideoIds[row];
            if (hits.Accepts(score.Score, id)) hits.Add(new(id, score.Score, View.Segment.Time(row, score.BestFrame), score.BestFrame));
        }
    }
}
