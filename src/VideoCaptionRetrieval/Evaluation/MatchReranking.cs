namespace VideoCaptionRetrieval.Evaluation;

/// <summary>
/// Re-ranks the best candidates of each query, and of each video, by a matching head: a candidate's score is its similarity plus the logit of
/// 'they match'; all others keep their order, and their ties, below them. So does BLIP's evaluation of videos
/// (https://github.com/salesforce/BLIP, eval_retrieval_video.py, k_test = 128).
/// </summary>
public sealed class MatchReranking
{
    /// <summary>
    /// Below every candidate's score. Non-candidates get this number plus their place among each other, counted from the last: whole numbers, which a
    /// float holds exactly, where a similarity minus a large number would be rounded and make ties.
    /// </summary>
    private const float Behind = -(1 << 24);

    private readonly SimilarityMatrix _similarities;
    private readonly int[][] _videosOfQuery, _queriesOfVideo;
    private readonly float[] _textToVideo, _videoToText;

    /// <param name="similarities">[queries, videos], at most 2^23 of either.</param>
    /// <param name="count">The number of candidates of a query, and of a video.</param>
    public MatchReranking(SimilarityMatrix similarities, int count)
    {
        _similarities = similarities;
        var (queries, videos) = (similarities.Queries, similarities.Videos);
        (_textToVideo, _videoToText) = (new float[queries * videos], new float[queries * videos]);
        _videosOfQuery = [.. Enumerable.Range(0, queries).AsParallel().AsOrdered()
            .Select(query => Best(videos, video => At(query, video), count, (video, score) => _textToVideo[(query * videos) + video] = score))];
        _queriesOfVideo = [.. Enumerable.Range(0, videos).AsParallel().AsOrdered()
            .Select(video => Best(queries, query => At(query, video), count, (query, score) => _videoToText[(query * videos) + video] = score))];
    }

    /// <summary>Scores for text to video, [queries, videos]; complete once <see cref="Set"/> was called for every video.</summary>
    internal SimilarityMatrix TextToVideo => new(_textToVideo, _similarities.Queries, _similarities.Videos);

    /// <summary>Scores for video to text, [queries, videos]; complete once <see cref="Set"/> was called for every video.</summary>
    internal SimilarityMatrix VideoToText => new(_videoToText, _similarities.Queries, _similarities.Videos);

    /// <summary>Lists for each video the queries to match it with, for either direction, in ascending order.</summary>
    public IReadOnlyList<int>[] QueriesByVideo()
    {
        var queries = _queriesOfVideo.Select(own => new SortedSet<int>(own)).ToArray();
        for (var query = 0; query < _videosOfQuery.Length; query++)
            foreach (var video in _videosOfQuery[query]) queries[video].Add(query);
        return [.. queries.Select(own => own.ToArray())];
    }

    /// <summary>Sets the scores of one video's candidates.</summary>
    /// <param name="video">The video.</param>
    /// <param name="queries">Its entry of <see cref="QueriesByVideo"/>.</param>
    /// <param name="logits">The logit of each of these queries.</param>
    public void Set(int video, IReadOnlyList<int> queries, ReadOnlySpan<float> logits)
    {
        for (var i = 0; i < queries.Count; i++)
        {
            var (query, place) = (queries[i], (queries[i] * _similarities.Videos) + video);
            var score = At(query, video) + logits[i];
            if (_videosOfQuery[query].Contains(video)) _textToVideo[place] = score;
            if (_queriesOfVideo[video].Contains(query)) _videoToText[place] = score;
        }
    }

    private float At(int query, int video) => _similarities.Row(query)[video];

    /// <summary>Finds the indices of the highest values; of equal ones the first, undefined ones last. Puts all in order behind candidates.</summary>
    private static int[] Best(int length, Func<int, float> value, int count, Action<int, float> putBehind)
    {
        int[] order = [.. Enumerable.Range(0, length).OrderByDescending(value, Comparer<float>.Default)];
        var place = length;
        for (var at = 0; at < length; at++)
        {
            if (at > 0 && value(order[at]) != value(order[at - 1])) place = length - at;
            putBehind(order[at], float.IsNaN(value(order[at])) ? float.NaN : Behind + place);
        }
        return order[..Math.Min(count, length)];
    }
}
