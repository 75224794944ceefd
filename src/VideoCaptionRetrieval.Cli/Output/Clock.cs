namespace VideoCaptionRetrieval.Cli.Output;

/// <summary>Moments of videos for people.</summary>
internal static class Clock
{
    /// <summary>Whole seconds as mm:ss, or h:mm:ss from an hour on; "--:--" where the moment is not known.</summary>
    internal static string Text(double seconds)
    {
        if (!double.IsFinite(seconds)) return "--:--";
        var time = TimeSpan.FromSeconds(Math.Floor(seconds));
        return time.TotalHours < 1 ? $"{time.Minutes:00}:{time.Seconds:00}" : $"{(int)time.TotalHours}:{time.Minutes:00}:{time.Seconds:00}";
    }
}
