
namespace VideoCaptionRetrieval.Models.Generation;

/// <summary>
/// Draws a token from the nucleus of a distribution (Holtzman et al., arXiv 1904.09751), in the order of transformers: temperature,
/// top-k, top-p. Of tokens with equal scores the lower id counts as better. Images may be chosen for on several threads.
/// </summary>
internal sealed class NucleusSampler
{
    private readonly Sampling _sampling;
    private readonly Random[] _random;
    private readonly int _count;                // of how many tokens one is drawn at most

    /// <param name="sampling">The settings.</param>
    /// <param name="vocabularySize">Length of a row of scores.</param>
    /// <param name="seeds">One for each image, so that its text does not depend on what else is in the batch.</param>
    internal NucleusSampler(Sampling sampling, int vocabularySize, IEnumerable<int> seeds)
    {
        var count = sampling.TopK > 0 ? Math.Min(sampling.TopK, vocabularySize) : vocabularySize;
        (_sampling, _count, _random) = (sampling, count, [.. seeds.Select(seed => new Random(seed))]);
    }

    /// <summary>The next token of an image's text.</summary>
    internal int Choose(int image, ReadOnlySpan<float> scores)
    {
        var best = Best(scores);
        TextGenerator.RequireNotNaN(best[0].Score);
        var weights = new double[best.Length];
        var total = 0.0;
        for (var i = 0; i < best.Length; i++)
            total += weights[i] = Math.Exp((best[i].Score - (double)best[0].Score) / _sampling.Temperature);
        var (nucleus, mass) = (0, 0.0);
        while (nucleus < best.Length && mass < _sampling.TopP * total) mass += weights[nucleus++];
        var drawn = _random[image].NextDouble() * mass;
        for (var i = 0; i < nucleus - 1; i++)
            if ((drawn -= weights[i]) < 0) return best[i].Token;
        return best[nucleus - 1].Token;
    }

    private ReadOnlySpan<Candidate> Best(ReadOnlySpan<float> scores)
    {
        if (_count == scores.Length)
            return scores.ToArray().Select((score, token) => new Candidate(score, 0, token)).OrderByDescending(token => token.Score).ToArray();
        var best = new TopCandidates(_count);
        best.Offer(0, scores);
        return best.Best;
    }
}
