namespace VideoCaptionRetrieval.Evaluation;

/// <summary>The ranks of the queries that two systems both ranked, query by query.</summary>
/// <param name="First">Ranks of the first system.</param>
/// <param name="Second">Ranks of the second one, of the same queries.</param>
/// <param name="OnlyFirst">The number of queries that the first system alone ranked.</param>
/// <param name="OnlySecond">The number of queries that the second system alone ranked.</param>
public sealed record PairedRanks(IReadOnlyList<double> First, IReadOnlyList<double> Second, int OnlyFirst, int OnlySecond)
{
    /// <summary>The cluster of each pair, such as its video: pairs of one cluster are resampled together. Empty where every pair is its own.</summary>
    public IReadOnlyList<int> Clusters { get; init; } = [];

    /// <summary>Pairs ranks by their queries.</summary>
    /// <param name="ranks">Ranks of the first system.</param>
    /// <param name="queries">The query of each, as a number; empty where they are those of all queries.</param>
    /// <param name="others">Ranks of the second system.</param>
    /// <param name="otherQueries">The query of each, likewise.</param>
    /// <param name="clusters">The cluster of each query, at the place of its number; null where every query is its own.</param>
    /// <exception cref="ArgumentException">There is no query that both ranked.</exception>
    public static PairedRanks Of(
        IReadOnlyList<double> ranks, IReadOnlyList<int> queries, IReadOnlyList<double> others, IReadOnlyList<int> otherQueries,
        IReadOnlyList<int>? clusters = null)
    {
        var second = Numbered(others, otherQueries).ToDictionary(one => one.Query, one => one.Rank);
        var both = Numbered(ranks, queries).Where(one => second.ContainsKey(one.Query)).ToList();
        return both.Count > 0
            ? new([.. both.Select(one => one.Rank)], [.. both.Select(one => second[one.Query])], ranks.Count - both.Count, others.Count - both.Count)
            {
                Clusters = clusters is null ? [] : [.. both.Select(one => clusters[one.Query])],
            }
            : throw new ArgumentException("There is no query whose video both systems have; there is nothing to compare.", nameof(others));
    }

    private static IEnumerable<(int Query, double Rank)> Numbered(IReadOnlyList<double> ranks, IReadOnlyList<int> queries) =>
        ranks.Select((rank, at) => (queries.Count > 0 ? queries[at] : at, rank));
}
