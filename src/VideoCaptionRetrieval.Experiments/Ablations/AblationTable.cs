using System.Globalization;
using System.Text;

namespace VideoCaptionRetrieval.Experiments.Ablations;

/// <summary>
/// A finished table, in the shape of the paper's: a row for each condition, and for each data set R@1, its difference to a row of reference, R@5, R@10
/// and median rank.
/// </summary>
/// <param name="Title">Its heading.</param>
/// <param name="DataSets">Their names.</param>
/// <param name="Rows">The rows.</param>
/// <param name="Reference">The row that the others are compared with.</param>
public sealed record AblationTable(string Title, IReadOnlyList<string> DataSets, IReadOnlyList<AblationRow> Rows, AblationRow Reference)
{
    internal const string CsvHeader = "table,condition,data_set,run,r1,r5,r10,median_rank";

    /// <summary>The table in Markdown: means ± deviations over seeds, and paired differences over all of them.</summary>
    public string Markdown()
    {
        var text = new StringBuilder($"## {Title}\n\n|  |");
        foreach (var name in DataSets) text.Append(CultureInfo.InvariantCulture, $" {name} R@1 | Δ | R@5 | R@10 | MdR |");
        text.Append("\n|---|").Insert(text.Length, "---|", 5 * DataSets.Count).Append('\n');
        var others = Rows.Where(row => row != Reference).ToList();
        var corrected = Comparisons.Holm([.. others.SelectMany(row => row.Gains).Select(gain => gain.SignFlipP)]);
        foreach (var row in Rows)
        {
            var place = others.IndexOf(row) * DataSets.Count;
            var cells = Enumerable.Range(0, DataSets.Count).Select(set => Cells(row.Scores[set], place < 0 ? "" : Comparisons.Text(row.Gains[set], corrected[place + set])));
            text.Append(CultureInfo.InvariantCulture, $"| {row.Name} | {string.Join(" | ", cells)} |\n");
        }
        if (corrected.Length > 0) text.Append(CultureInfo.InvariantCulture, $"\n{Comparisons.Explanation(Reference.Name, corrected.Length)}\n");
        foreach (var row in Rows)
            foreach (var warning in row.Warnings) text.Append(CultureInfo.InvariantCulture, $"\n*{row.Name}*: {warning}\n");
        return text.ToString();
    }

    /// <summary>Every number by itself.</summary>
    internal IEnumerable<string> CsvLines() => Rows.SelectMany(row => row.Scores.SelectMany((runs, set) => runs.Select((run, i) => string.Create(
        CultureInfo.InvariantCulture, $"{Quoted(Title)},{Quoted(row.Name)},{Quoted(DataSets[set])},{i + 1},{run.RecallAt1:0.00},{run.RecallAt5:0.00},{run.RecallAt10:0.00},{run.MedianRank:0.0}"))));

    private static string Cells(IReadOnlyList<RetrievalMetrics> runs, string gain)
    {
        string Cell(Func<RetrievalMetrics, double> value) => MeanAndDeviation.Text([.. runs.Select(value)]);
        return $"{Cell(run => run.RecallAt1)} | {gain} | {Cell(run => run.RecallAt5)} | {Cell(run => run.RecallAt10)} | {Cell(run => run.MedianRank)}";
    }

    private static string Quoted(string text) => $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}

/// <summary>A row of a finished table.</summary>
/// <param name="Name">The condition.</param>
/// <param name="Scores">For each data set the text-to-video metrics of each seed.</param>
/// <param name="Gains">For each data set the difference in R@1 to the row of reference, over the queries of all seeds.</param>
/// <param name="Warnings">What its trainings warned of, each warning once.</param>
public sealed record AblationRow(
    string Name, IReadOnlyList<IReadOnlyList<RetrievalMetrics>> Scores, IReadOnlyList<PairedDifference> Gains, IReadOnlyList<string> Warnings);

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
