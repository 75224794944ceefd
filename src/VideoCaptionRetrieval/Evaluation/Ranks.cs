namespace VideoCaptionRetrieval.Evaluation;

/// <summary>Computes the rank of each query's video among all videos.</summary>
internal static class TextToVideoRanks
{
    /// <summary>Ranks in query order. Queries without a video (target −1) are left out; videos without a query stay candidates.</summary>
    /// <param name="similarities">[queries, videos].</param>
    /// <param name="targets">For each query the column of its video, or −1.</param>
    internal static RankCount[] Compute(SimilarityMatrix similarities, IReadOnlyList<int> targets)
    {
        var queries = Enumerable.Range(0, targets.Count).Where(query => targets[query] >= 0).ToArray();
        var ranks = new RankCount[queries.Length];
        Parallel.For(0, queries.Length, at => ranks[at] = Count(similarities.Row(queries[at]), targets[queries[at]]));
        return ranks;
    }

    private static RankCount Count(ReadOnlySpan<float> row, int target)
    {
        var count = new RankCount(row[target]);
        foreach (var other in row[..target]) count.Add(other);
        foreach (var other in row[(target + 1)..]) count.Add(other);
        return count;
    }
}

/// <summary>Computes the rank of each video's best query among the queries, or sets of queries, of all other videos.</summary>
internal static class VideoToTextRanks
{
    // Columns of one task: 512 similarities of a row are 32 cache lines.
    private const int ColumnsPerBlock = 512;

    /// <summary>
    /// Ranks in video order. Videos without a query are left out; queries without a video (target −1) are wrong candidates, each alone.
    /// </summary>
    /// <param name="similarities">[queries, videos].</param>
    /// <param name="targets">For each query the column of its video, or −1.</param>
    /// <param name="protocol">What counts as a candidate.</param>
    internal static RankCount[] Compute(SimilarityMatrix similarities, IReadOnlyList<int> targets, VideoToTextProtocol protocol)
    {
        var candidates = protocol switch
        {
            VideoToTextProtocol.Sets => Sets(targets),
            VideoToTextProtocol.Captions => [.. Enumerable.Range(0, targets.Count).Select(query => new Candidate(targets[query], [query]))],
            _ => throw new ArgumentOutOfRangeException(nameof(protocol), protocol,
                $"The protocol is '{protocol}'; expected Sets or Captions."),
        };
        RankCount[] counts = [.. BestOwn(similarities, targets).Select(own => new RankCount(own))];
        var blocks = (similarities.Videos + ColumnsPerBlock - 1) / ColumnsPerBlock;
        Parallel.For(0, blocks, block =>
        {
            var first = block * ColumnsPerBlock;
            Count(similarities, candidates, counts, first, Math.Min(first + ColumnsPerBlock, similarities.Videos));
        });
        return [.. targets.Where(target => target >= 0).Distinct().Order().Select(video => counts[video])];
    }

    private readonly record struct Candidate(int Target, int[] Queries);

    private static Candidate[] Sets(IReadOnlyList<int> targets)
    {
        var queries = Enumerable.Range(0, targets.Count).ToLookup(query => targets[query] >= 0);
        var sets = queries[true].GroupBy(query => targets[query]).Select(group => new Candidate(group.Key, [.. group]));
        return [.. sets, .. queries[false].Select(query => new Candidate(-1, [query]))];
    }

    private static float[] BestOwn(SimilarityMatrix similarities, IReadOnlyList<int> targets)
    {
        var own = new float[similarities.Videos];
        Array.Fill(own, float.NaN);
        for (var query = 0; query < targets.Count; query++)
            if (targets[query] is >= 0 and var video) own[video] = float.MaxNumber(own[video], similarities.Row(query)[video]);
        return own;
    }

    private static void Count(SimilarityMatrix similarities, Candidate[] candidates, RankCount[] counts, int first, int end)
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
                if (first + at != candidate.Target) counts[first + at].Add(best[at]);
        }
    }
}

/// <summary>Counts the candidates that rank above the right one, without sorting.</summary>
/// <param name="own">The score of the right one.</param>
internal struct RankCount(float own)
{
    private int _better;
    private int _tied;
    private int _others;

    /// <summary>Adds a wrong candidate; NaN never ranks above the right one.</summary>
    internal void Add(float other)
    {
        _others++;
        if (other > own) _better++;
        else if (other == own) _tied++;
    }

    /// <summary>Computes 1 + better candidates + ties by the rule; an undefined own score gets the worst rank under every rule.</summary>
    internal readonly double Rank(TieRule rule)
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

    /// <summary>Computes how likely the right one is among the first k, if tied candidates come in random order.</summary>
    internal readonly double ExpectedRecall(int k) => float.IsNaN(own)
        ? (_others < k ? 1 : 0)
        : Math.Clamp((k - _better) / (_tied + 1.0), 0, 1);
}
