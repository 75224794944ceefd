
namespace VideoCaptionRetrieval.Objective;

/// <summary>One video under one query.</summary>
/// <param name="Score">cos(ṽ, c); NaN for a video without frames.</param>
/// <param name="BestFrame">The frame with the largest cosine, the lower index on a tie; −1 for a video without frames.</param>
/// <param name="BestCosine">That frame's cosine; NaN for a video without frames.</param>
internal readonly record struct VideoScore(double Score, int BestFrame, double BestCosine)
{
    /// <summary>What a video without frames gets.</summary>
    internal static VideoScore None { get; } = new(double.NaN, -1, double.NaN);
}
