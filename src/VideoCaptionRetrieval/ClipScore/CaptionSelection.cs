using System.IO.Hashing;
using System.Text;

namespace VideoCaptionRetrieval.ClipScore;

/// <summary>A caption of one frame by one captioner.</summary>
/// <param name="Captioner">Index of the captioner.</param>
/// <param name="Frame">Index of the frame.</param>
/// <param name="Text">The caption as the captioner gave it.</param>
/// <param name="Score">CLIPScore in [0, 2.5]; NaN = not scored.</param>
public sealed record ScoredCaption(int Captioner, int Frame, string Text, double Score)
{
    /// <summary>Whether the text has anything but white space.</summary>
    internal bool HasText => !string.IsNullOrWhiteSpace(Text);
}

/// <summary>Selects captions of one video. Captions without text, without a score, or below the minimum are never selected.</summary>
/// <remarks>Captions are ranked by higher score, then lower frame, then earlier captioner.</remarks>
/// <param name="MinimumScore">The lowest score that is kept; null = no limit.</param>
/// <param name="RemoveDuplicates">
/// Keeps the best ranked of texts that differ in case and white space alone, over all captioners.
/// </param>
internal sealed record CaptionSelection(double? MinimumScore = null, bool RemoveDuplicates = false)
{
    /// <summary>Ranks all captions that may be selected, best first.</summary>
    internal IReadOnlyList<ScoredCaption> Ranked(IEnumerable<ScoredCaption> captions)
    {
        var ordered = captions.Where(IsUsable)
            .OrderByDescending(caption => caption.Score).ThenBy(caption => caption.Frame).ThenBy(caption => caption.Captioner);
        return [.. RemoveDuplicates ? ordered.DistinctBy(caption => CaptionText.Normalise(caption.Text)) : ordered];
    }

    /// <summary>Selects the best <paramref name="count"/> of each captioner, captioner after captioner; fewer where there are fewer.</summary>
    internal IReadOnlyList<ScoredCaption> TopPerCaptioner(IEnumerable<ScoredCaption> captions, int count) =>
        [.. ByCaptioner(captions).SelectMany(own => own.Take(count))];

    /// <summary>Selects the best <paramref name="count"/> of all captioners together, best first.</summary>
    internal IReadOnlyList<ScoredCaption> TopOverall(IEnumerable<ScoredCaption> captions, int count) => [.. Ranked(captions).Take(count)];

    /// <summary>
    /// Selects of each captioner the caption of frame ⌊M/2⌋ of its M, or of the nearest frame with a usable caption; the lower one on a tie.
    /// </summary>
    internal IReadOnlyList<ScoredCaption> MiddleFrame(IReadOnlyCollection<ScoredCaption> captions)
    {
        var middles = captions.GroupBy(caption => caption.Captioner).ToDictionary(own => own.Key, own => own.Count() / 2);
        return [.. ByCaptioner(captions).Select(own => own
            .OrderBy(caption => Math.Abs(caption.Frame - middles[own.Key])).ThenBy(caption => caption.Frame).First())];
    }

    /// <summary>Draws <paramref name="count"/> captions of each captioner, best first; fewer where there are fewer.</summary>
    /// <remarks>The draw depends on the seed and these captions alone, never on other videos.</remarks>
    internal IReadOnlyList<ScoredCaption> RandomPerCaptioner(IReadOnlyCollection<ScoredCaption> captions, int count, int seed)
    {
        var texts = Encoding.UTF8.GetBytes(string.Join('\n', captions.Select(caption => caption.Text)));
        var random = new Random((int)XxHash3.HashToUInt64(texts, seed));
        return [.. ByCaptioner(captions).SelectMany(own =>
        {
            var drawn = own.ToArray();
            random.Shuffle(drawn);
            return drawn.Take(count).OrderByDescending(caption => caption.Score).ThenBy(caption => caption.Frame);
        })];
    }

    private IEnumerable<IGrouping<int, ScoredCaption>> ByCaptioner(IEnumerable<ScoredCaption> captions) =>
        Ranked(captions).GroupBy(caption => caption.Captioner).OrderBy(own => own.Key);

    private bool IsUsable(ScoredCaption caption) =>
        caption.HasText && !double.IsNaN(caption.Score) && !(caption.Score < MinimumScore);
}
