using VideoCaptionRetrieval.Captioning;

namespace VideoCaptionRetrieval;

/// <summary>What a collection of captions looks like, before and after it was filtered (appendix D of the paper). Immutable.</summary>
/// <remarks>Texts count as equal where they differ in case and white space alone; captions without text are left out of everything but
/// <see cref="EmptyCaptions"/>.</remarks>
public sealed record CaptionStatistics
{
    /// <summary>Videos, or parts of videos, with captions.</summary>
    public required int Videos { get; init; }

    /// <summary>Captions without text.</summary>
    public required int EmptyCaptions { get; init; }

    /// <summary>All captions.</summary>
    public required CaptionSetStatistics All { get; init; }

    /// <summary>The captions that were kept; null where it is not known which.</summary>
    public CaptionSetStatistics? Kept { get; init; }

    /// <summary>
    /// For each pair of captioners, the mean over videos of the share of texts that both wrote among those that either wrote; 0 to 1.
    /// </summary>
    public required IReadOnlyList<CaptionerOverlap> Overlaps { get; init; }

    /// <summary>How many kept captions come from each frame of a video, by the frame's number; empty where it is not known which were kept.</summary>
    public IReadOnlyList<int> KeptByFrame { get; init; } = [];

    /// <summary>How many kept captions have a CLIPScore from bin/10 up to (bin + 1)/10; empty where there are no scores.</summary>
    public IReadOnlyList<int> KeptByScore { get; init; } = [];

    /// <summary>Counts.</summary>
    /// <param name="captions">All captions.</param>
    /// <param name="kept">Those that were kept, with their scores (NaN = unknown); null = not known.</param>
    public static CaptionStatistics Of(IEnumerable<CaptionRecord> captions, IEnumerable<(CaptionRecord Caption, double Score)>? kept = null)
    {
        ArgumentNullException.ThrowIfNull(captions);
        var all = captions.ToList();
        var written = all.Where(caption => !string.IsNullOrWhiteSpace(caption.Caption)).ToList();
        var chosen = kept?.Where(one => !string.IsNullOrWhiteSpace(one.Caption.Caption)).ToList();
        return new()
        {
            Videos = written.Select(caption => caption.VideoId).Distinct(StringComparer.Ordinal).Count(),
            EmptyCaptions = all.Count - written.Count,
            All = CaptionCounting.Of(written),
            Kept = chosen is null ? null : CaptionCounting.Of(chosen.ConvertAll(one => one.Caption)),
            Overlaps = CaptionCounting.Overlaps(written),
            KeptByFrame = CaptionCounting.Histogram((chosen ?? []).Select(one => one.Caption.Frame)),
            KeptByScore = CaptionCounting.Histogram((chosen ?? []).Where(one => !double.IsNaN(one.Score)).Select(one => (int)(one.Score * 10))),
        };
    }
}

/// <summary>What a set of captions looks like. Immutable.</summary>
/// <param name="Captions">How many there are.</param>
/// <param name="PerVideo">Captions of a video, on average.</param>
/// <param name="UniqueShare">Different texts of a video / its captions, averaged over the videos; 0 to 1.</param>
/// <param name="UniqueShareOverall">Different texts of all videos together / all captions; 0 to 1.</param>
/// <param name="Words">Words of a caption, on average.</param>
/// <param name="ByCaptioner">The same for each captioner, by its label; empty inside an entry.</param>
public sealed record CaptionSetStatistics(
    int Captions, double PerVideo, double UniqueShare, double UniqueShareOverall, double Words,
    IReadOnlyDictionary<string, CaptionSetStatistics> ByCaptioner);

/// <summary>How far two captioners say the same of a video.</summary>
/// <param name="First">A captioner's label.</param>
/// <param name="Second">Another one's.</param>
/// <param name="Share">Texts that both wrote / texts that either wrote, averaged over the videos that both captioned; 0 to 1.</param>
public sealed record CaptionerOverlap(string First, string Second, double Share);

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
