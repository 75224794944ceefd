namespace VideoCaptionRetrieval.Search;

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
