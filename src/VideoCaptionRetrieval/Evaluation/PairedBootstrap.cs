namespace VideoCaptionRetrieval.Evaluation;

/// <summary>Paired differences of two systems on the same queries, with percentile intervals and two p-values.</summary>
internal static class PairedBootstrap
{
    // Differences are sums of rounded numbers: equal ones may differ in the last bits.
    private const double Slack = 1e-9;

    internal static RetrievalComparison Compute(
        IReadOnlyList<double> ranks, IReadOnlyList<double> others, IResampling resampling, double confidence)
    {
        PairedDifference Compare(Func<double, double> value) => Difference(ranks, others, value, resampling, confidence);
        PairedDifference RecallAt(int k) => Recall(ranks, others, k, resampling, confidence);
        return new(RecallAt(1), RecallAt(5), RecallAt(10), RecallAt(50), Compare(rank => rank), Compare(rank => 1 / rank));
    }

    /// <summary>The difference of one recall alone.</summary>
    internal static PairedDifference Recall(IReadOnlyList<double> ranks, IReadOnlyList<double> others, int k, IResampling resampling, double confidence) =>
        Difference(ranks, others, rank => rank <= k ? 100 : 0, resampling, confidence);

    private static PairedDifference Difference(
        IReadOnlyList<double> ranks, IReadOnlyList<double> others, Func<double, double> value, IResampling resampling, double confidence)
    {
        if (ranks.Count != others.Count)
        {
            throw new ArgumentException(
                $"The first system has {ranks.Count} ranks and the second {others.Count}; expected both to answer the same queries.",
                nameof(others));
        }
        return Difference([.. ranks.Zip(others, (rank, other) => value(rank) - value(other))], resampling, confidence);
    }

    private static PairedDifference Difference(double[] differences, IResampling resampling, double confidence)
    {
        var difference = differences.Sum() / differences.Length;
        var resampled = new double[resampling.Count];
        var indices = new int[differences.Length];
        var signs = new sbyte[differences.Length];
        int notAbove = 0, notBelow = 0, asLarge = 0;
        for (var resample = 0; resample < resampled.Length; resample++)
        {
            resampling.Draw(resample, indices);
            resampling.DrawSigns(resample, signs);
            double sum = 0, signed = 0;
            foreach (var index in indices) sum += differences[index];
            for (var at = 0; at < signs.Length; at++) signed += signs[at] * differences[at];
            resampled[resample] = sum / differences.Length;
            if (resampled[resample] <= Slack) notAbove++;
            if (resampled[resample] >= -Slack) notBelow++;
            if (Math.Abs(signed / differences.Length) >= Math.Abs(difference) - Slack) asLarge++;
        }
        // The +1 counts the observed sample among the resamples, so that no p-value is 0 (Phipson and Smyth 2010).
        var bootstrapP = Math.Min(1, 2.0 * (1 + Math.Min(notAbove, notBelow)) / (resampled.Length + 1));
        var signFlipP = (1.0 + asLarge) / (resampled.Length + 1);
        return new(difference, Percentile.Interval(resampled, confidence), bootstrapP, signFlipP);
    }
}
