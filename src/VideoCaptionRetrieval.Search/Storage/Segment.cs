using VideoCaptionRetrieval.Objective;

namespace VideoCaptionRetrieval.Search.Storage;

/// <summary>The videos of one data file in memory, frames one after another. Immutable, so thread-safe.</summary>
internal sealed class Segment
{
    private readonly float[] _frames;
    private readonly double[] _times;
    private readonly double[] _lengths;
    private readonly int[] _starts;
    private readonly int _dimension;

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
    }

    /// <summary>Copies videos into one piece of memory.</summary>
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
