using VideoCaptionRetrieval.Video.Timeline;

namespace VideoCaptionRetrieval.Video.Decoding.Ffmpeg;

/// <summary>An expression of ffmpeg's filter select that passes the frames of some timestamps.</summary>
internal static class SelectExpression
{
    /// <summary>An argument may have 128 KiB on Linux; each window with its comparisons stays below 70 characters.</summary>
    internal const int MaximumWindows = 1500;

    /// <summary>A search tree: the time for each frame grows with the logarithm of the number of windows.</summary>
    /// <param name="windows">Ascending, without overlaps. Where there are too many for an argument, every frame passes.</param>
    internal static string Of(IReadOnlyList<TimestampWindow> windows) => windows.Count switch
    {
        0 => "0",
        > MaximumWindows => "1",
        _ => Tree([.. windows]),
    };

    private static string Tree(ReadOnlySpan<TimestampWindow> sorted)
    {
        if (sorted is [var (from, to)])
        {
            return from == to ? FormattableString.Invariant($"eq(pts,{from})") : FormattableString.Invariant($"between(pts,{from},{to})");
        }
        var middle = sorted.Length / 2;
        return FormattableString.Invariant($"if(lt(pts,{sorted[middle].From}),{Tree(sorted[..middle])},{Tree(sorted[middle..])})");
    }
}
