using VideoCaptionRetrieval.Captioning;

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
    /// <remarks>
    /// Captions are read once, one after the other; 20 bytes are kept of each, so that the captions of a file of any length can be counted.
    /// </remarks>
    /// <param name="captions">All captions.</param>
    /// <param name="kept">The kept ones with their CLIPScores (NaN = unknown); null = not known which were kept.</param>
    public static CaptionStatistics Compute(IEnumerable<CaptionRecord> captions, IEnumerable<(CaptionRecord Caption, double Score)>? kept = null)
    {
        ArgumentNullException.ThrowIfNull(captions);
        var (all, empty) = (new CaptionTally(), 0);
        foreach (var caption in captions)
            if (string.IsNullOrWhiteSpace(caption.Caption)) empty++;
            else all.Add(caption);
        var (chosen, frames, scores) = (new CaptionTally(), new List<int>(), new List<int>());
        foreach (var (caption, score) in kept ?? [])
        {
            if (string.IsNullOrWhiteSpace(caption.Caption)) continue;
            chosen.Add(caption);
            Count(frames, caption.Frame);
            if (!double.IsNaN(score)) Count(scores, (int)(score * 10));
        }
        var counted = all.Count();
        return new()
        {
            Videos = counted.Videos,
            EmptyCaptions = empty,
            All = counted.Set,
            Kept = kept is null ? null : chosen.Count().Set,
            Overlaps = counted.Overlaps,
            KeptByFrame = frames,
            KeptByScore = scores,
        };
    }

    /// <summary>Counts a number in a histogram from 0 to the largest; negative ones count as 0.</summary>
    private static void Count(List<int> histogram, int number)
    {
        var bin = Math.Max(0, number);
        while (histogram.Count <= bin) histogram.Add(0);
        histogram[bin]++;
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
