namespace VideoCaptionRetrieval.Search.Sheets;

/// <summary>Formats times of videos for display.</summary>
public static class Timestamp
{
    private const string Unknown = "--:--";

    /// <summary>Formats whole seconds as mm:ss, or h:mm:ss from an hour on; "--:--" where the time is not finite.</summary>
    public static string Format(double seconds)
    {
        if (!double.IsFinite(seconds)) return Unknown;
        var time = TimeSpan.FromSeconds(Math.Floor(seconds));
        return time.TotalHours < 1 ? $"{time.Minutes:00}:{time.Seconds:00}" : $"{(int)time.TotalHours}:{time.Minutes:00}:{time.Seconds:00}";
    }

    /// <summary>Formats a time with tenths of a second, rounded down: 00:41.9.</summary>
    internal static string FormatWithTenths(double seconds)
    {
        if (!double.IsFinite(seconds)) return Unknown;
        // Rounding must not make 0.3 s a tenth earlier.
        var tenths = Math.Floor((seconds * 10) + 1e-6);
        return Invariant($"{Format(tenths / 10)}.{tenths % 10:0}");
    }
}
