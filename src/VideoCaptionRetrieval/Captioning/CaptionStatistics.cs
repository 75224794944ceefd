namespace VideoCaptionRetrieval;

/// <summary>Statistics of captions, before and after filtering (appendix D of the paper). Immutable.</summary>
/// <remarks>
/// Texts that differ in case and white space alone count as equal; only <see cref="EmptyCaptions"/> counts captions without text.
/// </remarks>
public sealed record CaptionStatistics
{
    /// <summary>The number of videos, or clips of videos, with captions.</summary>
    public required int Videos { get; init; }

    /// <summary>The number of captions without text.</summary>
    public required int EmptyCaptions { get; init; }

    /// <summary>Statistics of all captions.</summary>
    public required CaptionSetStatistics All { get; init; }

    /// <summary>Statistics of the kept captions; null where it is not known which were kept.</summary>
    public CaptionSetStatistics? Kept { get; init; }

    /// <summary>
    /// For each pair of captioners, the overlap of their texts: |A ∩ B| / |A ∪ B|, averaged over videos; 0 to 1.
    /// </summary>
    public required IReadOnlyList<CaptionerOverlap> Overlaps { get; init; }

    /// <summary>The number of kept captions by frame index; empty where it is not known which were kept.</summary>
    public IReadOnlyList<int> KeptByFrame { get; init; } = [];

    /// <summary>The number of kept captions with a CLIPScore in [bin/10, (bin + 1)/10); empty where there are no scores.</summary>
    public IReadOnlyList<int> KeptByScore { get; init; } = [];

    /// <summary>Computes the statistics of captions.</summary>
    /// <param name="captions">All captions.</param>
    /// <param name="kept">The kept ones with their CLIPScores (NaN = unknown); null = not known which were kept.</param>
    public static CaptionStatistics Compute(IEnumerable<CaptionRecord> captions, IEnumerable<(CaptionRecord Caption, double Score)>? kept = null)
    {
        ArgumentNullException.ThrowIfNull(captions);
        var all = captions.ToList();
        var written = all.Where(caption => !string.IsNullOrWhiteSpace(caption.Caption)).ToList();
        var chosen = kept?.Where(one => !string.IsNullOrWhiteSpace(one.Caption.Caption)).ToList();
        return new()
        {
            Videos = written.Select(caption => caption.VideoId).Distinct(StringComparer.Ordinal).Count(),
            EmptyCaptions = all.Count - written.Count,
            All = CaptionCounting.Count(written),
            Kept = chosen is null ? null : CaptionCounting.Count(chosen.ConvertAll(one => one.Caption)),
            Overlaps = CaptionCounting.Overlaps(written),
            KeptByFrame = CaptionCounting.Histogram((chosen ?? []).Select(one => one.Caption.Frame)),
            KeptByScore = CaptionCounting.Histogram((chosen ?? []).Where(one => !double.IsNaN(one.Score)).Select(one => (int)(one.Score * 10))),
        };
    }
}

/// <summary>Statistics of a set of captions. Immutable.</summary>
/// <param name="Captions">The number of captions.</param>
/// <param name="PerVideo">Mean number of captions of a video.</param>
/// <param name="UniqueShare">Distinct texts of a video / its captions, averaged over videos; 0 to 1.</param>
/// <param name="UniqueShareOverall">Distinct texts / captions over all videos; 0 to 1.</param>
/// <param name="Words">Mean number of words of a caption.</param>
/// <param name="ByCaptioner">The same for each captioner, by its label; empty inside an entry.</param>
public sealed record CaptionSetStatistics(
    int Captions, double PerVideo, double UniqueShare, double UniqueShareOverall, double Words,
    IReadOnlyDictionary<string, CaptionSetStatistics> ByCaptioner);

/// <summary>The overlap of the texts of two captioners.</summary>
/// <param name="First">The label of one captioner.</param>
/// <param name="Second">The label of the other.</param>
/// <param name="Share">|A ∩ B| / |A ∪ B| of their distinct texts, averaged over the videos that both captioned; 0 to 1.</param>
public sealed record CaptionerOverlap(string First, string Second, double Share);

/// <summary>Counts for <see cref="CaptionStatistics"/>.</summary>
internal static class CaptionCounting
{
    private static readonly Dictionary<string, CaptionSetStatistics> None = [];

    internal static CaptionSetStatistics Count(IReadOnlyList<CaptionRecord> captions) => Count(captions,
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

    /// <summary>Counts how often each number from 0 to the largest occurs; negative ones count as 0.</summary>
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

    private static string Text(CaptionRecord caption) => CaptionText.Normalise(caption.Caption);
}
