namespace VideoCaptionRetrieval.Video;

/// <summary>Judges times that files and options give.</summary>
public static class ClipTimes
{
    /// <summary>Whether a time lies so far behind the end of a video that it is no matter of rounding: by more than a second and a tenth.</summary>
    /// <param name="time">Seconds.</param>
    /// <param name="end">When the video ends, in seconds.</param>
    public static bool IsFarBehind(double time, double end) => time > Math.Max(end + 1, 1.1 * end);
}
