namespace VideoCaptionRetrieval;

/// <summary>
/// Recalls that are expected where candidates of equal score come in random order, in per cent; NaN where there is no query. They do not depend on
/// the <see cref="TieRule"/>, and are the recalls of <see cref="RetrievalMetrics"/> where no score is tied: a video that has one byte-identical
/// copy among the candidates is a miss at 1 by mid-ranks (its rank is 1.5), and counts one half here.
/// </summary>
/// <param name="At1">At 1.</param>
/// <param name="At5">At 5.</param>
/// <param name="At10">At 10.</param>
/// <param name="At50">At 50.</param>
public sealed record ExpectedRecall(double At1, double At5, double At10, double At50)
{
    /// <summary>Of no query.</summary>
    internal static ExpectedRecall None { get; } = new(double.NaN, double.NaN, double.NaN, double.NaN);

    /// <summary>Computes the means over queries.</summary>
    internal static ExpectedRecall Compute(IReadOnlyList<Evaluation.RankCount> ranks)
    {
        double At(int k) => 100.0 * ranks.Sum(rank => rank.ExpectedRecall(k)) / ranks.Count;
        return ranks.Count == 0 ? None : new(At(1), At(5), At(10), At(50));
    }
}
