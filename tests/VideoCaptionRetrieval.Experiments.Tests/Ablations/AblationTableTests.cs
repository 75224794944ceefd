using VideoCaptionRetrieval.Experiments.Ablations;

namespace VideoCaptionRetrieval.Experiments.Tests.Ablations;

public sealed class AblationTableTests
{
    private static RetrievalMetrics Metrics(double r1) => new(r1, r1 + 10, r1 + 20, 90, 3, 5, 0.5, 100);

    private static readonly AblationTable _table = new("Captioners, and \"more\"", ["a", "b"],
        [new("BLIP", [[Metrics(20), Metrics(22), Metrics(24)], [Metrics(7)]])]);

    [Fact]
    public void Markdown_SeveralSeeds_MeansAndSampleDeviations()
    {
        var lines = _table.Markdown().Split('\n');
        Assert.Equal("|  | a R@1 | R@5 | R@10 | MdR | b R@1 | R@5 | R@10 | MdR |", lines[2]);
        Assert.Equal(9 + 1, lines[3].Count(letter => letter == '|'));
        Assert.Equal("| BLIP | 22.0 ± 2.0 | 32.0 ± 2.0 | 42.0 ± 2.0 | 3.0 ± 0.0 | 7.0 | 17.0 | 27.0 | 3.0 |", lines[4]);
    }

    [Fact]
    public void CsvLines_EveryRunIsALine()
    {
        var lines = _table.CsvLines().ToList();
        Assert.Equal(4, lines.Count);
        Assert.Equal("\"Captioners, and \"\"more\"\"\",\"BLIP\",\"a\",2,22.00,32.00,42.00,3.0", lines[1]);
        Assert.All(lines, line => Assert.Equal(AblationTable.CsvHeader.Split(',').Length, line.Replace("Captioners, and", "").Split(',').Length));
    }
}
