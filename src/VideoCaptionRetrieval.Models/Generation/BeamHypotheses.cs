namespace VideoCaptionRetrieval.Models.Generation;

/// <summary>The best finished texts of one image, as many as there are beams.</summary>
internal sealed class BeamHypotheses(ResolvedGeneration rules)
{
    private readonly List<GeneratedText> _kept = [];

    /// <summary>Of equal scores the one added last, as sorting upwards and taking the last gives it.</summary>
    internal GeneratedText Best => _kept.Aggregate((best, next) => next.Score >= best.Score ? next : best);

    /// <param name="ids">The whole text, the end token included where there is one.</param>
    /// <param name="logProbability">Summed over the generated tokens.</param>
    /// <param name="generated">The number of generated tokens, the end token counted.</param>
    internal void Add(int[] ids, float logProbability, int generated)
    {
        var score = Score(logProbability, generated);
        if (_kept.Count == rules.Beams)
        {
            var worst = _kept.MinBy(text => text.Score)!;
            if (score <= worst.Score) return;
            _kept.Remove(worst);
        }
        _kept.Add(new(ids, score));
    }

    /// <summary>
    /// True where no open beam can get better than the worst kept text, or with early stopping where there are enough texts.
    /// </summary>
    /// <param name="bestLogProbability">Of the best candidate of this step.</param>
    /// <param name="generated">Generated tokens after this step.</param>
    internal bool IsDone(float bestLogProbability, int generated) =>
        _kept.Count == rules.Beams && (rules.EarlyStopping || _kept.Min(text => text.Score) >= Score(bestLogProbability, generated));

    private double Score(float logProbability, int generated) => logProbability / Math.Pow(generated, rules.LengthPenalty);
}
