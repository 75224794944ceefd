using System.Globalization;

namespace VideoCaptionRetrieval.Sampling.Ffmpeg;

/// <summary>An expression of ffmpeg's filter select that passes the frames of some timestamps.</summary>
internal static class SelectExpression
{
    /// <summary>An argument may have 128 KiB on Linux; 20 digits and a comparison each stay below.</summary>
    internal const int MaximumTimestamps = 2000;

    /// <summary>A search tree: the time for each frame grows with the logarithm of the number of timestamps.</summary>
    internal static string Of(IReadOnlySet<long> timestamps)
    {
        if (timestamps.Count > MaximumTimestamps)
            throw new ArgumentException($"{timestamps.Count} timestamps; at most {MaximumTimestamps}.", nameof(timestamps));
        return timestamps.Count == 0 ? "0" : Tree([.. timestamps.Order()]);
    }

    private static string Tree(ReadOnlySpan<long> sorted)
    {
        if (sorted.Length == 1) return string.Create(CultureInfo.InvariantCulture, $"eq(pts,{sorted[0]})");
        var middle = sorted.Length / 2;
        var (before, from) = (Tree(sorted[..middle]), Tree(sorted[middle..]));
        return string.Create(CultureInfo.InvariantCulture, $"if(lt(pts,{sorted[middle]}),{before},{from})");
    }
}
