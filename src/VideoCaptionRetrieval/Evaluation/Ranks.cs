namespace VideoCaptionRetrieval.Evaluation;

/// <summary>Counts the rank of each query's video among all videos, which come in blocks.</summary>
internal sealed class TextToVideoRanks
{
    private readonly IReadOnlyList<int> _targets;
    private readonly int[] _queries;

    /// <param name="targets">For each query the index of its video, or −1.</param>
    /// <param name="own">For each query the score of its video.</param>
    internal TextToVideoRanks(IReadOnlyList<int> targets, float[] own)
    {
        _targets = targets;
        _queries = [.. Enumerable.Range(0, targets.Count).Where(query => targets[query] >= 0)];
        Counts = [.. _queries.Select(query => new RankCount(own[query]))];
    }

    /// <summary>
    /// Ranks in query order, complete once all videos were added. Queries without a video (target −1) are left out; videos without a query stay
    /// candidates.
    /// </summary>
    internal RankCount[] Counts { get; }

    /// <summary>Adds videos as candidates.</summary>
    /// <param name="block">Their scores, [queries, videos].</param>
    /// <param name="first">The index of the first of them.</param>
    internal void Add(SimilarityMatrix block, int first) => Parallel.For(0, _queries.Length, at =>
    {
        var row = block.Row(_queries[at]);
        var (target, count) = (_targets[_queries[at]] - first, Counts[at]);
        for (var video = 0; video < row.Length; video++)
            if (video != target) count.Add(row[video]);
        Counts[at] = count;
    });
}

/// <summary>
/// Counts the rank of each video's best query among the queries, or sets of queries, of all other videos. Videos come in blocks.
/// </summary>
internal sealed class VideoToTextRanks
{
    // Columns of one task: 128 similarities of a row are 8 cache lines.
    private const int ColumnsPerTask = 128;

    private readonly IReadOnlyList<int> _targets;
    private readonly Candidate[] _candidates;
    private readonly RankCount[] _counts;

    /// <param name="targets">For each query the index of its video, or −1.</param>
    /// <param name="videos">The number of videos.</param>
    /// <param name="protocol">What counts as a candidate.</param>
    internal VideoToTextRanks(IReadOnlyList<int> targets, int videos, VideoToTextProtocol protocol)
    {
        _targets = targets;
        _counts = new RankCount[videos];
        _candidates = protocol switch
        {
            VideoToTextProtocol.Sets => Sets(targets),
            VideoToTextProtocol.Captions => [.. Enumerable.Range(0, targets.Count).Select(query => new Candidate(targets[query], [query]))],
            _ => throw new ArgumentOutOfRangeException(nameof(protocol), protocol,
                $"The protocol is '{protocol}'; expected Sets or Captions."),
        };
    }

    /// <summary>
    /// Ranks in video order, complete once all videos were added. Videos without a query are left out; queries without a video (target −1) are wrong
    /// candidates, each alone.
    /// </summary>
    internal RankCount[] Counts => [.. _targets.Where(target => target >= 0).Distinct().Order().Select(video => _counts[video])];

    /// <summary>Counts the ranks of videos.</summary>
    /// <param name="block">Their scores, [queries, videos].</param>
    /// <param name="first">The index of the first of them.</param>
    internal void Add(SimilarityMatrix block, int first)
    {
        var own = BestOwn(block, first);
        for (var column = 0; column < own.Length; column++) _counts[first + column] = new(own[column]);
        var tasks = (block.Videos + ColumnsPerTask - 1) / ColumnsPerTask;
        Parallel.For(0, tasks, task =>
        {
            var start = task * ColumnsPerTask;
            Count(block, first, start, Math.Min(start + ColumnsPerTask, block.Videos));
        });
    }

    private readonly record struct Candidate(int Target, int[] Queries);

    private static Candidate[] Sets(IReadOnlyList<int> targets)
    {
        var queries = Enumerable.Range(0, targets.Count).ToLookup(query => targets[query] >= 0);
        var sets = queries[true].GroupBy(query => targets[query]).Select(group => new Candidate(group.Key, [.. group]));
        return [.. sets, .. queries[false].Select(query => new Candidate(-1, [query]))];
    }

    private float[] BestOwn(SimilarityMatrix block, int first)
    {
        var own = new float[block.Videos];
        Array.Fill(own, float.NaN);
        for (var query = 0; query < _targets.Count; query++)
        {
            var column = _targets[query] - first;
            if (_targets[query] >= 0 && column >= 0 && column < own.Length) own[column] = float.MaxNumber(own[column], block.Row(query)[column]);
        }
        return own;
    }

    private void Count(SimilarityMatrix block, int first, int start, int end)
    {
        Span<float> best = stackalloc float[end - start];
        var counts = _counts.AsSpan(first + start, best.Length);
        foreach (var candidate in _candidates)
        {
            block.Row(candidate.Queries[0])[start..end].CopyTo(best);
            foreach (var query in candidate.Queries.AsSpan(1))
            {
                var row = block.Row(query)[start..end];
                // MaxNumber leaves NaN out: a set is undefined only where all of its queries are.
                for (var at = 0; at < best.Length; at++) best[at] = float.MaxNumber(best[at], row[at]);
            }
            for (var at = 0; at < best.Length; at++)
                if (first + start + at != candidate.Target) counts[at].Add(best[at]);
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
