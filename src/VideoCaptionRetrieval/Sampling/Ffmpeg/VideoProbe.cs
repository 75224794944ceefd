using System.Globalization;
using System.Text;
using System.Text.Json;
using FFMpegCore;
using FFMpegCore.Exceptions;

namespace VideoCaptionRetrieval.Sampling.Ffmpeg;

/// <summary>What ffprobe says of a file's video stream.</summary>
/// <param name="StreamIndex">The stream's index in the file.</param>
/// <param name="StatedDuration">The stream's duration in seconds, else the container's; null where neither is stated.</param>
internal sealed record VideoProbe(int StreamIndex, double? StatedDuration)
{
    private const int MaximumJson = 4 << 20;
    private const string Entries = "stream=index,codec_type,codec_name,width,height,duration:stream_disposition=default,attached_pic"
        + ":format=format_name,duration";

    /// <exception cref="VideoReadException">ffprobe cannot open the file, or it holds no video.</exception>
    internal static VideoProbe Read(FfmpegInput input, CancellationToken cancellationToken)
    {
        string[] arguments = ["-loglevel", "level+error", .. input.Arguments, "-show_entries", Entries, "-of", "json"];
        using var process = input.Start(input.Tools.Ffprobe, arguments, null, cancellationToken);
        using var json = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (process.Read(buffer) is var count && count > 0)
        {
            if (json.Length > MaximumJson) throw new VideoReadException(input.Path, "ffprobe describes more streams than any video has");
            json.Write(buffer, 0, count);
        }
        process.Finish();
        return Choose(Parse(Encoding.UTF8.GetString(json.GetBuffer(), 0, (int)json.Length), input), input, process.Errors);
    }

    /// <summary>
    /// FFMpegCore parses and does nothing else: it starts programs with one quoted string, in which a file's name may smuggle in options,
    /// and its own analysis reads the durations of plain JSON as 0; the raw values are right.
    /// </summary>
    private static FFProbeAnalysis Parse(string json, FfmpegInput input)
    {
        try
        {
            return FFProbe.FromJson(json).Raw;
        }
        catch (Exception e) when (
            e is JsonException or FormatException or FFMpegException or InvalidOperationException or OverflowException)
        {
            throw new VideoReadException(input.Path, $"ffprobe's answer cannot be understood: {e.Message}", e);
        }
    }

    private static VideoProbe Choose(FFProbeAnalysis analysis, FfmpegInput input, string errors)
    {
        // Cover art is a video stream of one picture; the default stream comes first, then the largest.
        var stream = analysis.Streams.Where(stream => stream.CodecType == "video" && !Is(stream, "attached_pic"))
            .OrderByDescending(stream => Is(stream, "default")).ThenByDescending(stream => (long)(stream.Width ?? 0) * (stream.Height ?? 0))
            .ThenBy(stream => stream.Index).FirstOrDefault();
        if (stream is null)
        {
            var found = string.Join(", ", analysis.Streams.Select(stream => $"{stream.CodecType} {stream.CodecName}".Trim()));
            throw new VideoReadException(input.Path, $"holds no video stream; found: {(found.Length > 0 ? found : "no stream")}");
        }
        return new(stream.Index, Seconds(stream.Duration) ?? Seconds(analysis.Format.Duration));
    }

    private static bool Is(FFProbeStream stream, string disposition) =>
        stream.Disposition?.TryGetValue(disposition, out var value) == true && value != 0;

    private static double? Seconds(string? text) =>
        double.TryParse(text, CultureInfo.InvariantCulture, out var seconds) && double.IsFinite(seconds) && seconds > 0 ? seconds : null;
}
