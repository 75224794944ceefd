namespace VideoCaptionRetrieval.Captioning;

/// <summary>The counting behind <see cref="CaptionStatistics"/>.</summary>
internal static class CaptionCounting
{
    private static readonly Dictionary<string, CaptionSetStatistics> None = [];

    internal static CaptionSetStatistics Of(IReadOnlyList<CaptionRecord> captions) => Count(captions,
        captions.GroupBy(caption => caption.Captioner, StringComparer.Ordinal).OrderBy(own => own.Key, StringComparer.Ordinal)
            .ToDictionary(own => own.Key, own => Count([.. own], None), StringComparer.Ordinal));

    internal static IReadOnlyList<CaptionerOverlap> Overlaps(IReadOnlyList<CaptionRecord> captions)
    {
        var videos = captions.GroupBy(caption => caption.VideoId, StringComparer.Ordinal).Select(video => video
            .GroupBy(caption => caption.Captioner, StringComparer.Ordinal)
            .ToDictionary(own => own.Key, own => own.Select(Text).ToHashSet(StringComparer.Ordinal), StringComparer.Ordinal)).ToList();
        var names = captions.Select(caption => caption.Captioner).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        return [.. names.SelectMany((first, i) => names.Skip(i + 1).Select(second => new CaptionerOverlap(first, second, videos
            .Where(video => video.ContainsKey(first) && video.ContainsKey(second))
            .Select(video => Shared(video[first], video[second])).DefaultIfEmpty(0).Average())))];
    }

    /// <summary>How often each number from 0 on occurs.</summary>
    internal static int[] Histogram(IEnumerable<int> numbers)
    {
        var counts = numbers.CountBy(number => Math.Max(0, number)).ToDictionary();
        return counts.Count == 0 ? [] : [.. Enumerable.Range(0, counts.Keys.Max() + 1).Select(number => counts.GetValueOrDefault(number))];
    }

    private static CaptionSetStatistics Count(IReadOnlyList<CaptionRecord> captions, IReadOnlyDictionary<string, CaptionSetStatistics> byCaptioner)
    {
        if (captions.Count == 0) return new(0, 0, 0, 0, 0, byCaptioner);
        var videos = captions.GroupBy(caption => caption.VideoId, StringComparer.Ordinal)
            .Select(video => video.Select(Text).ToList()).ToList();
        return new(captions.Count, (double)captions.Count / videos.Count, videos.Average(Unique), Unique([.. captions.Select(Text)]),
            captions.Average(caption => Text(caption).Split(' ').Length), byCaptioner);
    }

    private static double Unique(List<string> texts) => (double)texts.Distinct(StringComparer.Ordinal).Count() / texts.Count;

    private static double Shared(HashSet<string> first, HashSet<string> second) =>
        (double)first.Count(second.Contains) / first.Union(second, StringComparer.Ordinal).Count();

    private static string Text(CaptionRecord caption) => ScoredCaption.KeyOf(caption.Caption);
}
