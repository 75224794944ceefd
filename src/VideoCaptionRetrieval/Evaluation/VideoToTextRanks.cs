namespace VideoCaptionRetrieval.Evaluation;

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
