namespace VideoCaptionRetrieval;

/// <summary>A video that a search found, and its best moment. Immutable.</summary>
/// <param name="VideoId">The video's name.</param>
/// <param name="Score">cos(ṽ, c) of the video ṽ, pooled for the query, and the query c, in [−1, 1]; after re-ranking, plus a logit.</param>
/// <param name="Time">
/// The time of the frame with the largest cosine to the query, in seconds from the start; the earlier one on a tie. NaN where the index was
/// made from frames without times.
/// </param>
/// <param name="Frame">That frame's index among the sampled frames, from 0.</param>
public sealed record VideoHit(string VideoId, double Score, double Time, int Frame)
{
    /// <summary>Compares in the order of results: larger scores first, equal ones by name, ordinal. Never 0 for two videos of one index.</summary>
    internal static int Compare(double score, string videoId, VideoHit other)
    {
        var byScore = other.Score.CompareTo(score);
        return byScore != 0 ? byScore : string.CompareOrdinal(videoId, other.VideoId);
    }
}
