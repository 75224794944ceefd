namespace VideoCaptionRetrieval.Search.Sheets;

/// <summary>Moments of videos for people.</summary>
internal static class Clock
{
    private const string Unknown = "--:--";

    /// <summary>Whole seconds as mm:ss, or h:mm:ss from an hour on; "--:--" where the moment is not known.</summary>
    internal static string Text(double seconds)
    {
        if (!double.IsFinite(seconds)) return Unknown;
        var time = TimeSpan.FromSeconds(Math.Floor(seconds));
        return time.TotalHours < 1 ? $"{time.Minutes:00}:{time.Seconds:00}" : $"{(int)time.TotalHours}:{time.Minutes:00}:{time.Seconds:00}";
    }

    /// <summary>The same with tenths of a second, rounded down: 00:41.9.</summary>
    internal static string TextWithTenths(double seconds)
    {
        if (!double.IsFinite(seconds)) return Unknown;
        // What a double cannot hold must not make 0.3 s a tenth earlier.
        var tenths = Math.Floor((seconds * 10) + 1e-6);
        return $"{Text(tenths / 10)}.{tenths % 10:0}";
    }
}
