namespace VideoCaptionRetrieval.Tests.Evaluation;

/// <summary>Ranks by their definition, slowly.</summary>
internal static class PlainRanks
{
    internal static IEnumerable<double> TextToVideo(float[] values, int videos, int[] owners, TieRule rule) =>
        from query in Enumerable.Range(0, owners.Length)
        let row = values[(query * videos)..((query + 1) * videos)]
        where owners[query] >= 0
        select Rank(row[owners[query]], row.Where((_, video) => video != owners[query]), rule);

    internal static IEnumerable<double> VideoToText(float[] values, int videos, int[] owners, TieRule rule, VideoToTextProtocol protocol)
    {
        foreach (var video in Enumerable.Range(0, videos).Where(video => owners.Contains(video)))
        {
            var column = owners.Select((owner, query) => (Owner: owner, Value: values[query * videos + video])).ToArray();
            var own = Best(column.Where(item => item.Owner == video));
            var others = column.Where(item => item.Owner != video).ToArray();
            var candidates = protocol == VideoToTextProtocol.Captions
                ? others.Select(item => item.Value)
                : others.Where(item => item.Owner >= 0).GroupBy(item => item.Owner).Select(Best)
                    .Concat(others.Where(item => item.Owner < 0).Select(item => item.Value));
            yield return Rank(own, candidates, rule);
        }
    }

    private static float Best(IEnumerable<(int Owner, float Value)> items) =>
        items.Select(item => item.Value).Where(value => !float.IsNaN(value)).DefaultIfEmpty(float.NaN).Max();

    private static double Rank(float own, IEnumerable<float> others, TieRule rule)
    {
        var all = others.ToArray();
        if (float.IsNaN(own)) return all.Length + 1;
        var tie = rule switch { TieRule.Mid => 0.5, TieRule.Optimistic => 0, _ => 1 };
        return 1 + all.Count(other => other > own) + tie * all.Count(other => other == own);
    }
}
