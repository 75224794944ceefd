namespace VideoCaptionRetrieval.Evaluation;

/// <summary>Counts the candidates that stand before the right one, one candidate at a time: no sorting.</summary>
internal struct RankCount
{
    private int _better;
    private int _tied;
    private int _others;

    /// <summary>Adds a wrong candidate. NaN beats nobody.</summary>
    internal void Add(float own, float other)
    {
        _others++;
        if (other > own) _better++;
        else if (other == own) _tied++;
    }

    /// <summary>1 + better ones + ties by the rule; an undefined own similarity gets the worst rank under every rule.</summary>
    internal readonly double Rank(float own, TieRule rule)
    {
        if (float.IsNaN(own)) return _others + 1.0;
        return 1.0 + _better + rule switch
        {
            TieRule.Mid => _tied * 0.5,
            TieRule.Optimistic => 0,
            TieRule.Pessimistic => _tied,
            _ => throw new ArgumentOutOfRangeException(nameof(rule), rule,
                $"The tie rule is '{rule}'; expected Mid, Optimistic or Pessimistic."),
        };
    }
}
