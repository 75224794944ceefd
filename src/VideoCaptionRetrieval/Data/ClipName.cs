using System.Globalization;

namespace VideoCaptionRetrieval.Data;

/// <summary>Splits and makes names of clips: path#start-end, with the numbers as they were written.</summary>
public static class ClipName
{
    /// <summary>Splits the name of a clip.</summary>
    /// <param name="videoId">The clip's name.</param>
    /// <param name="start">Its start in seconds; NaN = none.</param>
    /// <param name="end">Its end in seconds; NaN = none.</param>
    /// <returns>
    /// The video, and the bounds as they are written in the name; where it is a name of another form, the whole name and the numbers.
    /// </returns>
    public static (string Video, string? Start, string? End) Split(string videoId, double start, double end)
    {
        if (double.IsNaN(start) && double.IsNaN(end)) return (videoId, null, null);
        foreach (var (video, first, last) in Cuts(videoId))
            if (Reads(first, start) && Reads(last, end)) return (video, Given(first), Given(last));
        return (videoId, Number(start), Number(end));
    }

    /// <summary>Returns the video of a name of the form path#start-end; other names are returned as they are.</summary>
    public static string VideoOf(string videoId)
    {
        ArgumentNullException.ThrowIfNull(videoId);
        foreach (var (video, first, last) in Cuts(videoId))
            if (video.Length > 0 && first.Length + last.Length > 0 && IsBound(first) && IsBound(last)) return video;
        return videoId;
    }

    /// <summary>Names a clip that has no name of its own: its path, or path#start-end.</summary>
    /// <param name="path">The video file.</param>
    /// <param name="start">Its start in seconds; NaN = none.</param>
    /// <param name="end">Its end in seconds; NaN = none.</param>
    internal static string Join(string path, double start, double end) =>
        double.IsNaN(start) && double.IsNaN(end) ? path : $"{path}#{Number(start)}-{Number(end)}";

    /// <summary>
    /// Lists the ways to cut a name into video, start and end. Numbers may hold a '-' themselves (1e-1): where both parts read as numbers, the cut is right.
    /// </summary>
    private static IEnumerable<(string Video, string First, string Last)> Cuts(string videoId)
    {
        var at = videoId.LastIndexOf('#');
        if (at < 0) yield break;
        var bounds = videoId[(at + 1)..];
        for (var dash = bounds.IndexOf('-', StringComparison.Ordinal); dash >= 0; dash = bounds.IndexOf('-', dash + 1))
            yield return (videoId[..at], bounds[..dash], bounds[(dash + 1)..]);
    }

    private static bool IsBound(string text) =>
        text.Length == 0 || double.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out _);

    private static bool Reads(string text, double value) => double.IsNaN(value)
        ? text.Length == 0
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && (number == value || (float)number == (float)value);

    private static string? Given(string text) => text.Length > 0 ? text : null;

    private static string? Number(double value) => double.IsNaN(value) ? null : value.ToString("R", CultureInfo.InvariantCulture);
}
