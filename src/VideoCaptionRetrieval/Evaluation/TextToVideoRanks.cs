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
