namespace SearchService;

/// <summary>What a search found, best first.</summary>
internal sealed record SearchAnswer(string Query, IReadOnlyList<SearchHit> Hits);

/// <summary>A video of an answer.</summary>
/// <param name="VideoId">
/// Its name in the index: the path that the index was made with. Index relative paths where others are nobody's business.
/// </param>
/// <param name="Score">In [-1, 1].</param>
/// <param name="Time">Its best moment, in seconds from the start; null where the index was made from frames without times.</param>
internal sealed record SearchHit(string VideoId, double Score, double? Time);
