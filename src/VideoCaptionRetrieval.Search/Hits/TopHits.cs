namespace VideoCaptionRetrieval.Search.Hits;

/// <summary>Keeps the best hits of a stream in a bounded heap. The result does not depend on the order of the stream.</summary>
internal sealed class TopHits(int capacity)
{
    private static readonly Comparer<VideoHit> _worstFirst =
        Comparer<VideoHit>.Create((a, b) => VideoHit.Compare(b.Score, b.VideoId, a));

    private readonly PriorityQueue<VideoHit, VideoHit> _hits = new(_worstFirst);

    /// <summary>Whether no hit was kept.</summary>
    internal bool IsEmpty => _hits.Count == 0;

    /// <summary>Whether a hit would be kept; one with an undefined score never is.</summary>
    internal bool Accepts(double score, string videoId) =>
        !double.IsNaN(score) && (_hits.Count < capacity || VideoHit.Compare(score, videoId, _hits.Peek()) < 0);

    /// <summary>Adds a hit that is accepted.</summary>
    internal void Add(VideoHit hit)
    {
        if (_hits.Count < capacity) _hits.Enqueue(hit, hit);
        else _hits.EnqueueDequeue(hit, hit);
    }

    /// <summary>Adds the hits of another part of the stream.</summary>
    internal void Merge(TopHits other)
    {
        foreach (var (hit, _) in other._hits.UnorderedItems)
            if (Accepts(hit.Score, hit.VideoId)) Add(hit);
    }

    /// <summary>Returns the hits, best first.</summary>
    internal VideoHit[] ToArray()
    {
        var hits = _hits.UnorderedItems.Select(item => item.Element).ToArray();
        Array.Sort(hits, (a, b) => VideoHit.Compare(a.Score, a.VideoId, b));
        return hits;
    }
}
