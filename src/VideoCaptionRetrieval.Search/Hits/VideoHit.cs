namespace VideoCaptionRetrieval;

/// <summary>A video that a search found, and its best moment.</summary>
/// <param name="VideoId">The video.</param>
/// <param name="Score">Its score, the cosine of the video pooled for the query and the query, in [−1, 1]; once re-ranked, with a logit added.</param>
/// <param name="Time">
/// Seconds from the start: the frame that is nearest to the query, the earlier one on a tie. NaN where the index was made from frames
/// without times.
/// </param>
/// <param name="Frame">That frame's number among the sampled frames, from 0.</param>
public sealed record VideoHit(string VideoId, double Score, double Time, int Frame);
