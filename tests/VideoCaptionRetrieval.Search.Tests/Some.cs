using VideoCaptionRetrieval.Objective;
using VideoCaptionRetrieval.Search.Storage;

namespace VideoCaptionRetrieval.Search.Tests;

/// <summary>Sample settings, videos and queries from seeds.</summary>
internal static class Some
{
    internal const int Dimension = 16;

    internal static IndexSettings Settings(int dimension = Dimension, string model = "0123abcd") => new(dimension, FrameScoring.Default, 4, model);

    internal static IndexedVideo Video(string id, int seed, int frames = 4) =>
        new(id, Floats(frames * Dimension, seed), Enumerable.Range(0, frames).Select(n => n + 0.25).ToArray());

    internal static IndexedVideo[] Videos(int count, int firstSeed = 1) =>
        [.. Enumerable.Range(0, count).Select(at => Video($"video{at:d4}.mp4", firstSeed + at, 1 + at % 5))];

    internal static float[] Query(int seed = 1000) => Floats(Dimension, seed);

    internal static float[] Floats(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() - 0.5f)];
    }

    /// <summary>The best videos by sorting all of them.</summary>
    internal static IEnumerable<VideoHit> SortedHits(IEnumerable<IndexedVideo> videos, float[] query, int top) => videos
        .Select(video => (video, score: QueryScoring.Score(video.Frames.Span, query, FrameScoring.Default)))
        .Where(item => !double.IsNaN(item.score.Score))
        .OrderByDescending(item => item.score.Score).ThenBy(item => item.video.VideoId, StringComparer.Ordinal).Take(top)
        .Select(item => new VideoHit(item.video.VideoId, item.score.Score, item.video.Times.Span[item.score.BestFrame], item.score.BestFrame));
}
