using System.Globalization;

namespace VideoCaptionRetrieval.Experiments.Ablations;

/// <summary>Says of many comparisons which are more than chance.</summary>
internal static class Comparisons
{
    internal const double Level = 0.05;

    /// <summary>Corrects p-values for their number (Holm, A simple sequentially rejective multiple test procedure, 1979).</summary>
    /// <returns>In the order given; at most 1.</returns>
    internal static double[] Holm(IReadOnlyList<double> values)
    {
        var corrected = new double[values.Count];
        var highest = 0.0;
        foreach (var (place, index) in Enumerable.Range(0, values.Count).OrderBy(index => values[index]).Index())
            corrected[index] = highest = Math.Max(highest, Math.Min(1, (values.Count - place) * values[index]));
        return corrected;
    }

    /// <summary>"+6.8 [4.3, 9.3]", and an asterisk where a corrected p-value is below 0.05.</summary>
    internal static string Text(PairedDifference difference, double? p = null) =>
        $"{Text(difference.Difference, difference.Interval.Lower, difference.Interval.Upper)}{(p < Level ? "*" : "")}";

    internal static string Text(double difference, double low, double high) =>
        string.Create(CultureInfo.InvariantCulture, $"{difference:+0.0;-0.0;0.0} [{low:0.0}, {high:0.0}]");

    /// <summary>What a column of such differences is, in a sentence or three.</summary>
    /// <param name="reference">What the others are compared with.</param>
    /// <param name="count">The number of comparisons that p-values are corrected for.</param>
    internal static string Explanation(string reference, int count) => string.Create(CultureInfo.InvariantCulture,
        $"Δ: R@1 minus that of *{reference}*, in points, paired over the same queries of all seeds, with a 95 % interval of 2,000 bootstrap samples of videos. ")
        + (count == 1
            ? "An asterisk: p < 0.05 by a paired randomisation test."
            : string.Create(CultureInfo.InvariantCulture, $"An asterisk: p < 0.05 by a paired randomisation test after Holm's correction for the {count} comparisons of the table."));
}
