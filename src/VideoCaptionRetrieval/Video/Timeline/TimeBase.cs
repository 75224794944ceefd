using System.Globalization;

namespace VideoCaptionRetrieval.Video.Timeline;

/// <summary>The length of a timestamp's tick as a fraction of a second.</summary>
internal readonly record struct TimeBase(long Numerator, long Denominator)
{
    /// <summary>Seconds from one timestamp to a later one; one rounding, so that equal times compare equal.</summary>
    internal double Seconds(long from, long to) => ((double)to - from) * Numerator / Denominator;

    /// <summary>Whole ticks in a time, rounded down; times beyond all timestamps give the largest.</summary>
    internal long Ticks(double seconds) => (long)Math.Clamp(Math.Floor(seconds * Denominator / Numerator), -FarAway, FarAway);

    /// <summary>More ticks than any video has, with room for sums.</summary>
    internal const long FarAway = long.MaxValue / 8;

    /// <summary>Reads "1/12800"; false for anything that is no positive fraction.</summary>
    internal static bool TryParse(ReadOnlySpan<char> text, out TimeBase timeBase)
    {
        timeBase = default;
        var slash = text.IndexOf('/');
        if (slash < 0 || !long.TryParse(text[..slash], CultureInfo.InvariantCulture, out var numerator)) return false;
        if (!long.TryParse(text[(slash + 1)..], CultureInfo.InvariantCulture, out var denominator)) return false;
        timeBase = new(numerator, denominator);
        return numerator > 0 && denominator > 0;
    }
}
