using System.Globalization;

namespace VideoCaptionRetrieval.Experiments.Ablations;

/// <summary>How numbers of several seeds are shown.</summary>
internal static class MeanAndDeviation
{
    /// <summary>"30.1 ± 0.7"; of a single value, the value. The deviation is that of a sample.</summary>
    internal static string Text(IReadOnlyList<double> values, string format = "0.0")
    {
        var mean = values.Average();
        var text = mean.ToString(format, CultureInfo.InvariantCulture);
        if (values.Count < 2) return text;
        var deviation = Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Count - 1));
        return $"{text} ± {deviation.ToString(format, CultureInfo.InvariantCulture)}";
    }
}
