namespace VideoCaptionRetrieval.Search.Hits;

/// <summary>Keeps the best hits of a stream in a heap of bounded size. The result does not depend on the order of the stream.</summary>
internal sealed class TopHits(int capacity)
{
    private static readonly Comparer<IndexHit> _worstFirst =
        Comparer<IndexHit>.Create((a, b) => IndexHit.Compare(b.Score, b.VideoId, a));

    private readonly PriorityQueue<IndexHit, IndexHit> _hits = new(_worstFirst);

    /// <summary>Whether a hit would be kept. An undefined score never is.</summary>
    internal bool Accepts(double score, string videoId) =>
        !double.IsNaN(score) && (_hits.Count < capacity || IndexHit.Compare(score, videoId, _hits.Peek()) < 0);

    /// <summary>Adds a hit that is accepted.</summary>
    internal void Add(IndexHit hit)
    {
        if (_hits.Count < capacity) _hits.Enqueue(hit, hit);
        else _hits.EnqueueDequeue(hit, hit);
    }

    /// <summary>Takes over the hits of another part of the stream.</summary>
    internal void Merge(TopHits other)
    {
        foreach (var (hit, _) in other._hits.UnorderedItems)
            if (Accepts(hit.Score, hit.VideoId)) Add(hit);
    }

    /// <summary>Best first.</summary>
    internal IndexHit[] ToArray()
    {
        var hits = _hits.UnorderedItems.Select(item => item.Element).ToArray();
        Array.Sort(hits, (a, b) => IndexHit.Compare(a.Score, a.VideoId, b));
        return hits;
    }
}

/// <summary>A video that a search found.</summary>
/// <param name="VideoId">The video.</param>
/// <param name="Score">cos(ṽ, c), in [−1, 1].</param>
/// <param name="Time">Seconds from the start: the frame with the largest cosine to the query, the earlier one on a tie.</param>
/// <param name="FrameIndex">That frame's index, from 0.</param>
internal readonly record struct IndexHit(string VideoId, double Score, double Time, int FrameIndex)
{
    /// <summary>The order of results: larger scores first, equal ones by video, ordinal. Never 0 for two videos of one index.</summary>
    internal static int Compare(double score, string videoId, in IndexHit other)
    {
        var byScore = other.Score.CompareTo(score);
        return byScore != 0 ? byScore : string.CompareOrdinal(videoId, other.VideoId);
    }
}
