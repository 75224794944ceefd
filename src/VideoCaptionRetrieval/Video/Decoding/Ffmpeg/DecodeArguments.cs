using System.Globalization;
using VideoCaptionRetrieval.Video.Timeline;

namespace VideoCaptionRetrieval.Video.Decoding.Ffmpeg;

/// <summary>Builds the command line of a decode.</summary>
/// <param name="input">The file.</param>
/// <param name="probe">What ffprobe says of it.</param>
/// <param name="plan">The segments to decode by this one command.</param>
/// <param name="log">Receives what the filters log.</param>
/// <param name="hardware">What -hwaccel takes; null = decode on the processor.</param>
internal sealed class DecodeArguments(FfmpegInput input, VideoProbe probe, DecodePlan plan, DecodeLog log, string? hardware)
{
    /// <summary>Full-size RGB with full chroma interpolation; ffmpeg turns rotated pictures before.</summary>
    private const string Flags = "flags=accurate_rnd+full_chroma_int+full_chroma_inp", Rgb = "format=rgb24";

    /// <summary>
    /// The width that makes pixels square; the height stays. Shapes that no camera and no disc has are those of damaged files, and are ignored.
    /// </summary>
    private const string SquareWidth = "w='if(between(sar,0.1,10),max(round(iw*sar),1),iw)':h=ih";

    private string ToRgb => input.Options.PixelAspect == PixelAspect.Stored
        ? $"scale={Flags},{Rgb}"
        : $"scale={SquareWidth}:{Flags},setsar=1,{Rgb}";

    private string Threads => $"{input.Options.DecoderThreads}";

    internal IReadOnlyList<string> All() =>
    [
        "-hide_banner", "-nostdin", "-nostats", "-loglevel", "level+info",
        // Damage does not end the decoding: what can be seen of a video is used.
        "-max_error_rate", "1",
        // Timestamps as the file has them; of several recordings in one, ffmpeg makes them run on.
        .. probe.IsAppended ? Array.Empty<string>() : ["-copyts"],
        plan.Segments.Count > 1 ? "-filter_complex_threads" : "-filter_threads", Threads,
        .. plan.Segments.SelectMany(Input),
        .. plan.Segments.Count > 1 ? Joined() : ["-map", $"0:{probe.StreamIndex}", "-vf", Chain(0)],
        // Every frame as it comes, none doubled or dropped to even out the rate.
        input.Tools.HasFrameRateMode ? "-fps_mode" : "-vsync", "passthrough",
        "-threads", "1", "-c:v", "ppm", "-f", "image2pipe", "pipe:1",
    ];

    private IEnumerable<string> Input(DecodeSegment segment) =>
    [
        .. plan.Strategy == DecodeStrategy.KeyFrames ? ["-skip_frame", "nokey"] : Array.Empty<string>(),
        .. hardware is null ? Array.Empty<string>() : ["-hwaccel", hardware],
        "-threads", Threads,
        // The frames before the one sought are decoded too; which of them leave is the filter's choice.
        .. segment.From is { } from ? ["-noaccurate_seek", "-seek_timestamp", "1", "-ss", Seconds(from)] : Array.Empty<string>(),
        .. input.Arguments,
    ];

    /// <summary>Half a tick later than the timestamp: ffmpeg rounds to the microsecond, and must not land before it.</summary>
    private string Seconds(long timestamp) =>
        (probe.Packets!.Timeline.TimeBase.Seconds(0, timestamp) + (probe.Packets.Timeline.TimeBase.Seconds(0, 1) / 2))
            .ToString("F7", CultureInfo.InvariantCulture);

    /// <summary>One segment after the other; each picture says from which it comes, since their logs overlap.</summary>
    private IEnumerable<string> Joined()
    {
        var inputs = plan.Segments.Select((_, s) =>
            $"[{s}:{probe.StreamIndex}]{Chain(s)},metadata=mode=add:key={DecodeLog.SegmentKey}:value={s}[s{s}];");
        var labels = plan.Segments.Select((_, s) => $"[s{s}]");
        var joined = $"concat=n={plan.Segments.Count},{log.PictureFilter}=mode=print:key={DecodeLog.SegmentKey}[out]";
        return ["-filter_complex", string.Concat(inputs) + string.Concat(labels) + joined, "-map", "[out]"];
    }

    private string Chain(int segment)
    {
        var (until, wanted) = (plan.Segments[segment].Until, plan.Segments[segment].Wanted);
        var trim = until is { } end ? Invariant($"trim=end_pts={end},") : "";
        return $"{trim}{log.Segments[segment].FilterName}=checksum=0,select='{SelectExpression.Build(wanted)}',{ToRgb}";
    }
}

/// <summary>Builds expressions of ffmpeg's filter select that pass the frames of given timestamps.</summary>
internal static class SelectExpression
{
    /// <summary>An argument may have 128 KiB on Linux; each window with its comparisons stays below 70 characters.</summary>
    internal const int MaxWindows = 1500;

    /// <summary>Builds a search tree: the time for each frame grows with the logarithm of the number of windows.</summary>
    /// <param name="windows">Ascending, without overlaps. Where there are too many for an argument, every frame passes.</param>
    internal static string Build(IReadOnlyList<TimestampWindow> windows) => windows.Count switch
    {
        0 => "0",
        > MaxWindows => "1",
        _ => Tree([.. windows]),
    };

    private static string Tree(ReadOnlySpan<TimestampWindow> sorted)
    {
        if (sorted is [var (from, to)])
        {
            return from == to ? Invariant($"eq(pts,{from})") : Invariant($"between(pts,{from},{to})");
        }
        var middle = sorted.Length / 2;
        return Invariant($"if(lt(pts,{sorted[middle].From}),{Tree(sorted[..middle])},{Tree(sorted[middle..])})");
    }
}
