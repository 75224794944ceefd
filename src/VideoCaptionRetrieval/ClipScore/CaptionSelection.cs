using System.IO.Hashing;
using System.Text;
using VideoCaptionRetrieval.Captioning;

namespace VideoCaptionRetrieval.ClipScore;

/// <summary>Chooses captions of one video. Captions without text, without a score, or below the minimum are never chosen.</summary>
/// <remarks>The order is: higher score, then lower frame, then earlier captioner.</remarks>
/// <param name="MinimumScore">The least score; equal is kept; null = none.</param>
/// <param name="RemoveDuplicates">
/// Of texts that differ in case and white space alone, in the whole video, the first in the order stays.
/// </param>
internal sealed record CaptionSelection(double? MinimumScore = null, bool RemoveDuplicates = false)
{
    /// <summary>All usable captions, in the order.</summary>
    internal IReadOnlyList<ScoredCaption> Usable(IEnumerable<ScoredCaption> captions)
    {
        var ordered = captions.Where(IsUsable)
            .OrderByDescending(caption => caption.Score).ThenBy(caption => caption.Frame).ThenBy(caption => caption.Captioner);
        return [.. RemoveDuplicates ? ordered.DistinctBy(caption => caption.Key) : ordered];
    }

    /// <summary>The best <paramref name="count"/> of each captioner, captioner after captioner; fewer where there are fewer.</summary>
    internal IReadOnlyList<ScoredCaption> TopPerCaptioner(IEnumerable<ScoredCaption> captions, int count) =>
        [.. ByCaptioner(captions).SelectMany(own => own.Take(count))];

    /// <summary>The best <paramref name="count"/> of all.</summary>
    internal IReadOnlyList<ScoredCaption> TopJoint(IEnumerable<ScoredCaption> captions, int count) => [.. Usable(captions).Take(count)];

    /// <summary>
    /// Of each captioner the caption of frame M/2 (rounded down) of its M, else that of the nearest usable frame, the lower one first.
    /// </summary>
    internal IReadOnlyList<ScoredCaption> MiddleFrame(IReadOnlyCollection<ScoredCaption> captions)
    {
        var middles = captions.GroupBy(caption => caption.Captioner).ToDictionary(own => own.Key, own => own.Count() / 2);
        return [.. ByCaptioner(captions).Select(own => own
            .OrderBy(caption => Math.Abs(caption.Frame - middles[own.Key])).ThenBy(caption => caption.Frame).First())];
    }

    /// <summary>Of each captioner so many random usable captions, best first; fewer where there are fewer.</summary>
    /// <remarks>The draw depends on the seed and the captions, not on what else is selected from.</remarks>
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

    /// <summary>For each captioner that has one, a random one of its best <paramref name="count"/>.</summary>
    internal IReadOnlyList<ScoredCaption> RandomOfTopPerCaptioner(IEnumerable<ScoredCaption> captions, int count, Random random) =>
        [.. ByCaptioner(captions).Select(own => own.Take(count).ToArray()).Select(best => best[random.Next(best.Length)])];

    /// <summary>A random usable caption; null where there is none.</summary>
    internal ScoredCaption? RandomOfAll(IEnumerable<ScoredCaption> captions, Random random)
    {
        var usable = Usable(captions);
        return usable.Count > 0 ? usable[random.Next(usable.Count)] : null;
    }

    private IEnumerable<IGrouping<int, ScoredCaption>> ByCaptioner(IEnumerable<ScoredCaption> captions) =>
        Usable(captions).GroupBy(caption => caption.Captioner).OrderBy(own => own.Key);

    private bool IsUsable(ScoredCaption caption) =>
        caption.HasText && !double.IsNaN(caption.Score) && !(caption.Score < MinimumScore);
}

/// <summary>A caption of one frame by one captioner.</summary>
/// <param name="Captioner">Index of the captioner.</param>
/// <param name="Frame">Index of the frame.</param>
/// <param name="Text">The caption as it was given.</param>
/// <param name="Score">Its CLIPScore; NaN = none.</param>
internal sealed record ScoredCaption(int Captioner, int Frame, string Text, double Score)
{
    /// <summary>Whether there is any text.</summary>
    internal bool HasText => !string.IsNullOrWhiteSpace(Text);

    /// <summary>Texts with one key are duplicates: trimmed, white space collapsed, lower case.</summary>
    internal string Key => KeyOf(Text);

    /// <inheritdoc cref="Key"/>
    internal static string KeyOf(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).ToLowerInvariant();
}
