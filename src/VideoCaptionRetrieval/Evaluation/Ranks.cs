namespace VideoCaptionRetrieval.Evaluation;

/// <summary>The rank of each query's video among all videos.</summary>
internal static class TextToVideoRanks
{
    /// <summary>Ranks in query order. Queries without a video (owner −1) are left out; videos without a query stay candidates.</summary>
    /// <param name="similarities">[queries, videos].</param>
    /// <param name="owners">For each query the column of its video, or −1.</param>
    /// <param name="rule">What ties add.</param>
    internal static double[] Compute(SimilarityMatrix similarities, IReadOnlyList<int> owners, TieRule rule)
    {
        var queries = Enumerable.Range(0, owners.Count).Where(query => owners[query] >= 0).ToArray();
        var ranks = new double[queries.Length];
        Parallel.For(0, queries.Length, at => ranks[at] = Rank(similarities.Row(queries[at]), owners[queries[at]], rule));
        return ranks;
    }

    private static double Rank(ReadOnlySpan<float> row, int owner, TieRule rule)
    {
        var own = row[owner];
        var count = new RankCount();
        foreach (var other in row[..owner]) count.Add(own, other);
        foreach (var other in row[(owner + 1)..]) count.Add(own, other);
        return count.Rank(own, rule);
    }
}

/// <summary>The rank of each video's best query among the queries, or sets of queries, of all other videos.</summary>
internal static class VideoToTextRanks
{
    // Columns that one task walks through: 512 similarities of a row are 32 cache lines.
    private const int ColumnsPerBlock = 512;

    /// <summary>
    /// Ranks in video order. Videos without a query are left out; queries without a video (owner −1) are wrong candidates, each alone.
    /// </summary>
    /// <param name="similarities">[queries, videos].</param>
    /// <param name="owners">For each query the column of its video, or −1.</param>
    /// <param name="rule">What ties add.</param>
    /// <param name="protocol">What a candidate is.</param>
    internal static double[] Compute(SimilarityMatrix similarities, IReadOnlyList<int> owners, TieRule rule, VideoToTextProtocol protocol)
    {
        var candidates = protocol switch
        {
            VideoToTextProtocol.Sets => Sets(owners),
            VideoToTextProtocol.Captions => [.. Enumerable.Range(0, owners.Count).Select(query => new Candidate(owners[query], [query]))],
            _ => throw new ArgumentOutOfRangeException(nameof(protocol), protocol,
                $"The protocol is '{protocol}'; expected Sets or Captions."),
        };
        var own = BestOwn(similarities, owners);
        var counts = new RankCount[similarities.Videos];
        var blocks = (similarities.Videos + ColumnsPerBlock - 1) / ColumnsPerBlock;
        Parallel.For(0, blocks, block =>
        {
            var first = block * ColumnsPerBlock;
            Count(similarities, candidates, own, counts, first, Math.Min(first + ColumnsPerBlock, similarities.Videos));
        });
        return [.. owners.Where(owner => owner >= 0).Distinct().Order().Select(video => counts[video].Rank(own[video], rule))];
    }

    private readonly record struct Candidate(int Owner, int[] Queries);

    private static Candidate[] Sets(IReadOnlyList<int> owners)
    {
        var queries = Enumerable.Range(0, owners.Count).ToLookup(query => owners[query] >= 0);
        var sets = queries[true].GroupBy(query => owners[query]).Select(group => new Candidate(group.Key, [.. group]));
        return [.. sets, .. queries[false].Select(query => new Candidate(-1, [query]))];
    }

    private static float[] BestOwn(SimilarityMatrix similarities, IReadOnlyList<int> owners)
    {
        var own = new float[similarities.Videos];
        Array.Fill(own, float.NaN);
        for (var query = 0; query < owners.Count; query++)
            if (owners[query] is >= 0 and var video) own[video] = float.MaxNumber(own[video], similarities.Row(query)[video]);
        return own;
    }

    private static void Count(SimilarityMatrix similarities, Candidate[] candidates, float[] own, RankCount[] counts, int first, int end)
    {
        Span<float> best = stackalloc float[end - first];
        foreach (var candidate in candidates)
        {
            similarities.Row(candidate.Queries[0])[first..end].CopyTo(best);
            foreach (var query in candidate.Queries.AsSpan(1))
            {
                var row = similarities.Row(query)[first..end];
                // MaxNumber leaves NaN out: a set is undefined only where all of its queries are.
                for (var at = 0; at < best.Length; at++) best[at] = float.MaxNumber(best[at], row[at]);
            }
            for (var at = 0; at < best.Length; at++)
                if (first + at != candidate.Owner) counts[first + at].Add(own[first + at], best[at]);
        }
    }
}

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
