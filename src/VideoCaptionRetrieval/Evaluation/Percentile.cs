namespace VideoCaptionRetrieval.Evaluation;

/// <summary>Percentiles with linear interpolation between order statistics, at position p·(n−1).</summary>
internal static class Percentile
{
    /// <summary>The central interval that holds a share <paramref name="confidence"/> of the values. Sorts the values in place.</summary>
    internal static MetricInterval Interval(double[] values, double confidence)
    {
        Array.Sort(values);
        return new(At(values, (1 - confidence) / 2), At(values, 1 - (1 - confidence) / 2));
    }

    private static double At(double[] sorted, double share)
    {
        var position = share * (sorted.Length - 1);
        var below = (int)Math.Floor(position);
        return below + 1 >= sorted.Length ? sorted[^1] : sorted[below] + (position - below) * (sorted[below + 1] - sorted[below]);
    }
}
