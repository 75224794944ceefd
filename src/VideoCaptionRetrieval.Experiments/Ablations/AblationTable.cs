using System.Globalization;
using System.Text;

namespace VideoCaptionRetrieval.Experiments.Ablations;

/// <summary>A finished table, in the shape of the paper's: a row for each condition, and for each data set R@1, R@5, R@10 and median rank.</summary>
/// <param name="Title">Its heading.</param>
/// <param name="DataSets">Their names.</param>
/// <param name="Rows">The rows.</param>
public sealed record AblationTable(string Title, IReadOnlyList<string> DataSets, IReadOnlyList<AblationRow> Rows)
{
    internal const string CsvHeader = "table,condition,data_set,run,r1,r5,r10,median_rank";

    /// <summary>The table in Markdown, means ± deviations over seeds.</summary>
    public string Markdown()
    {
        var text = new StringBuilder($"## {Title}\n\n|  |");
        foreach (var name in DataSets) text.Append(CultureInfo.InvariantCulture, $" {name} R@1 | R@5 | R@10 | MdR |");
        text.Append("\n|---|").Insert(text.Length, "---|", 4 * DataSets.Count).Append('\n');
        foreach (var row in Rows) text.Append(CultureInfo.InvariantCulture, $"| {row.Name} | {string.Join(" | ", row.Scores.Select(Cells))} |\n");
        return text.ToString();
    }

    /// <summary>Every number by itself.</summary>
    internal IEnumerable<string> CsvLines() => Rows.SelectMany(row => row.Scores.SelectMany((runs, set) => runs.Select((run, i) => string.Create(
        CultureInfo.InvariantCulture, $"{Quoted(Title)},{Quoted(row.Name)},{Quoted(DataSets[set])},{i + 1},{run.RecallAt1:0.00},{run.RecallAt5:0.00},{run.RecallAt10:0.00},{run.MedianRank:0.0}"))));

    private static string Cells(IReadOnlyList<RetrievalMetrics> runs)
    {
        string Cell(Func<RetrievalMetrics, double> value) => MeanAndDeviation.Text([.. runs.Select(value)]);
        return $"{Cell(run => run.RecallAt1)} | {Cell(run => run.RecallAt5)} | {Cell(run => run.RecallAt10)} | {Cell(run => run.MedianRank)}";
    }

    private static string Quoted(string text) => $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}

/// <summary>A row of a finished table.</summary>
/// <param name="Name">The condition.</param>
/// <param name="Scores">For each data set the text-to-video metrics of each seed.</param>
public sealed record AblationRow(string Name, IReadOnlyList<IReadOnlyList<RetrievalMetrics>> Scores);

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
