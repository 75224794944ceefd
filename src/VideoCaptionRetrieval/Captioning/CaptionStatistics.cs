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
