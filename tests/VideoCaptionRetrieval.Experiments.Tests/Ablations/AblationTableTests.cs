using VideoCaptionRetrieval.Experiments.Ablations;

namespace VideoCaptionRetrieval.Experiments.Tests.Ablations;

public sealed class AblationTableTests
{
    private static RetrievalMetrics Metrics(double r1) => new(r1, r1 + 10, r1 + 20, 90, 3, 5, 0.5, 100);

    private static PairedDifference Gain(double difference, double p) => new(difference, new(difference - 1, difference + 1), p, p);

    private static readonly AblationRow _frozen = new("frozen", [[Metrics(19), Metrics(19), Metrics(19)], [Metrics(7.5)]], [Gain(0, 1), Gain(0, 1)], []);

    private static readonly AblationTable _table = new("Captioners, and \"more\"", ["a", "b"],
        [_frozen, new("BLIP", [[Metrics(20), Metrics(22), Metrics(24)], [Metrics(7)]], [Gain(3, 0.01), Gain(-0.5, 0.03)], ["It rains."])], _frozen);

    [Fact]
    public void Markdown_SeveralSeeds_MeansAndSampleDeviations()
    {
        var lines = _table.Markdown().Split('\n');
        Assert.Equal("|  | a R@1 | Δ | R@5 | R@10 | MdR | b R@1 | Δ | R@5 | R@10 | MdR |", lines[2]);
        Assert.Equal(11 + 1, lines[3].Count(letter => letter == '|'));
        Assert.Equal("| frozen | 19.0 ± 0.0 |  | 29.0 ± 0.0 | 39.0 ± 0.0 | 3.0 ± 0.0 | 7.5 |  | 17.5 | 27.5 | 3.0 |", lines[4]);
        Assert.Equal("| BLIP | 22.0 ± 2.0 | +3.0 [2.0, 4.0]* | 32.0 ± 2.0 | 42.0 ± 2.0 | 3.0 ± 0.0 | 7.0 | -0.5 [-1.5, 0.5]* | 17.0 | 27.0 | 3.0 |", lines[5]);
        Assert.Contains("minus that of *frozen*", lines[7], StringComparison.Ordinal);
        Assert.Contains("2 comparisons", lines[7], StringComparison.Ordinal);
        Assert.Equal("*BLIP*: It rains.", lines[9]);
    }

    [Fact]
    public void Holm_FourValues_EachTimesTheNumberThatIsLeftAndNeverFalling()
    {
        // R: p.adjust(c(0.01, 0.04, 0.03, 0.005), "holm")
        Assert.Equal([0.03, 0.06, 0.06, 0.02], Comparisons.Holm([0.01, 0.04, 0.03, 0.005]), new Tolerance(1e-12));
        Assert.Equal([1, 1], Comparisons.Holm([0.6, 0.9]), new Tolerance(1e-12));
    }

    private sealed record Tolerance(double Width) : IEqualityComparer<double>
    {
        public bool Equals(double x, double y) => Math.Abs(x - y) <= Width;

        public int GetHashCode(double value) => 0;
    }

    [Fact]
    public void CsvLines_EveryRunIsALine()
    {
        var lines = _table.CsvLines().ToList();
        Assert.Equal(8, lines.Count);
        Assert.Equal("\"Captioners, and \"\"more\"\"\",\"BLIP\",\"a\",2,22.00,32.00,42.00,3.0", lines[5]);
        Assert.All(lines, line => Assert.Equal(AblationTable.CsvHeader.Split(',').Length, line.Replace("Captioners, and", "").Split(',').Length));
    }
}
