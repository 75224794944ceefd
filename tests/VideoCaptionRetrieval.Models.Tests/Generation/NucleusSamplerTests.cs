using VideoCaptionRetrieval.Models.Generation;

namespace VideoCaptionRetrieval.Models.Tests.Generation;

public sealed class NucleusSamplerTests
{
    private const int Draws = 20_000;
    private static readonly double[] Probabilities = [0.05, 0.4, 0.1, 0.3, 0.15];

    private static float[] Scores => [.. Probabilities.Select(p => (float)Math.Log(p) + 3)];

    [Theory]
    [InlineData(1.0, 0, 1.0)]
    [InlineData(1.0, 3, 1.0)]
    [InlineData(0.7, 0, 1.0)]       // 0.4 + 0.3 reach it
    [InlineData(0.71, 0, 1.0)]
    [InlineData(0.01, 0, 1.0)]
    [InlineData(0.8, 2, 1.0)]
    [InlineData(0.9, 4, 0.5)]
    [InlineData(1.0, 0, 2.0)]
    public void Choose_ManyDraws_FrequenciesOfTheFormula(double topP, int topK, double temperature)
    {
        var choice = new NucleusSampler(new(topP, topK, temperature), Probabilities.Length, [7]);
        var counts = new int[Probabilities.Length];
        for (var i = 0; i < Draws; i++) counts[choice.Choose(0, Scores)]++;
        var expected = Expected(topP, topK, temperature);
        for (var token = 0; token < counts.Length; token++) Assert.Equal(expected[token], counts[token] / (double)Draws, 0.015);
    }

    [Fact]
    public void Choose_SameSeed_SameTokensWhateverOtherImagesDraw()
    {
        var alone = new NucleusSampler(new(1, 0, 1), Probabilities.Length, [3]);
        var beside = new NucleusSampler(new(1, 0, 1), Probabilities.Length, [9, 3]);
        for (var i = 0; i < 100; i++)
        {
            beside.Choose(0, Scores);
            Assert.Equal(alone.Choose(0, Scores), beside.Choose(1, Scores));
        }
    }

    [Fact]
    public void Choose_ScoresNotNumbers_Refused() =>
        Assert.Throws<InvalidOperationException>(() => new NucleusSampler(new(1, 0, 1), 2, [3]).Choose(0, [float.NaN, float.NaN]));

    private static double[] Expected(double topP, int topK, double temperature)
    {
        var warmed = Probabilities.Select(p => Math.Pow(p, 1 / temperature)).ToArray();
        var order = Enumerable.Range(0, warmed.Length).OrderByDescending(token => warmed[token]).Take(topK > 0 ? topK : warmed.Length).ToArray();
        var total = order.Sum(token => warmed[token]);
        var (kept, mass) = (new List<int>(), 0.0);
        foreach (var token in order)
        {
            if (mass >= topP - 1e-6) break;
            kept.Add(token);
            mass += warmed[token] / total;
        }
        var all = kept.Sum(token => warmed[token]);
        return [.. Enumerable.Range(0, warmed.Length).Select(token => kept.Contains(token) ? warmed[token] / all : 0)];
    }
}
