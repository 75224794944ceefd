using System.Collections.Concurrent;
using System.Globalization;
using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.Models.Imaging;

namespace VideoCaptionRetrieval.Tests.Video;

/// <summary>
/// The frame rule once more, independent of the library: every decoded frame's time from ffprobe -show_frames, every frame's pixels
/// from one raw decode without selection, taken by ordinal.
/// </summary>
internal sealed class ReferenceDecode
{
    private static readonly ConcurrentDictionary<string, ReferenceDecode> _read = new();

    private readonly string _path;
    private readonly int[] _keys;
    private readonly ConcurrentDictionary<string, byte[][]> _frames = new();

    private ReferenceDecode(string path)
    {
        _path = path;
        var streams = Lines("-select_streams", "v", "-show_entries", "stream=index,width,height,duration:stream_disposition=attached_pic");
        var stream = streams.Where(s => s["disposition:attached_pic"] == "0").MaxBy(s => int.Parse(s["width"], CultureInfo.InvariantCulture) * int.Parse(s["height"], CultureInfo.InvariantCulture))!;
        Stream = int.Parse(stream["index"], CultureInfo.InvariantCulture);
        var format = Lines("-show_entries", "format=start_time,duration")[0];
        var container = format["duration"];
        Stated = stream["duration"] != "N/A" ? double.Parse(stream["duration"], CultureInfo.InvariantCulture) : container != "N/A" ? double.Parse(container, CultureInfo.InvariantCulture) : null;
        var frames = Lines("-select_streams", $"{Stream}", "-show_entries", "frame=key_frame,best_effort_timestamp_time");
        List<double> times = [];
        foreach (var text in frames.Select(frame => frame["best_effort_timestamp_time"]))
        {
            // ffprobe knows no time for the frames that the decoder gives at the end of some AVI files; they follow at the same distance.
            times.Add(text == "N/A" ? (2 * times[^1]) - times[^2] : double.Parse(text, CultureInfo.InvariantCulture));
        }
        Times = [.. times.Select(time => time - times[0])];
        PictureStart = Math.Max(times[0] - double.Parse(format["start_time"], CultureInfo.InvariantCulture), 0);
        _keys = [.. frames.Select((frame, n) => frame["key_frame"] == "1" ? n : -1).Where(n => n >= 0)];
    }

    /// <summary>The times of a file's frames, read once.</summary>
    internal static ReferenceDecode Of(string path) => _read.GetOrAdd(path, file => new(file));

    internal int Stream { get; }

    internal double? Stated { get; }

    /// <summary>Seconds from the first frame, of every frame.</summary>
    internal double[] Times { get; }

    /// <summary>Seconds of a player's clock when the first frame appears.</summary>
    internal double PictureStart { get; }

    internal int[] Ordinals(double start, double end, int count) =>
        [.. Enumerable.Range(0, count).Select(k => start + ((k + 0.5) * (end - start) / count))
            .Select(t => Math.Max(Array.FindLastIndex(Times, time => time <= t + 2e-6), 0))];

    /// <summary>The key frames, N of them by the rule of the segment middles.</summary>
    internal int[] KeyOrdinals(int count) =>
        [.. Enumerable.Range(0, count).Select(k => _keys[((k * _keys.Length / count) + ((k + 1) * _keys.Length / count)) / 2])];

    /// <summary>For each request the frames of its ordinals, prepared: [ordinals, S, S, 3].</summary>
    internal byte[][] Frames(IReadOnlyList<(int[] Ordinals, FrameFormat Format)> requests) => _frames.GetOrAdd(
        string.Join(';', requests.Select(request => $"{string.Join(',', request.Ordinals)} {request.Format}")), _ => Decode(requests));

    private byte[][] Decode(IReadOnlyList<(int[] Ordinals, FrameFormat Format)> requests)
    {
        var (width, height) = FirstSize();
        var results = requests.Select(request => new byte[request.Ordinals.Length * request.Format.FrameBytes]).ToArray();
        var raw = new byte[3 * width * height];
        // One thread: what a decoder makes of damaged frames depends on the number of threads.
        using var process = InstalledFfmpeg.Start("ffmpeg", ["-loglevel", "quiet", "-nostdin", "-threads", "1", "-i", "file:" + _path,
            "-map", $"0:{Stream}", "-vf", InstalledFfmpeg.FullSizeRgb, "-fps_mode", "passthrough", "-f", "rawvideo", "-"]);
        for (var n = 0; n <= requests.Max(request => request.Ordinals.Max()); n++)
        {
            process.StandardOutput.BaseStream.ReadExactly(raw);
            for (var i = 0; i < results.Length; i++)
                foreach (var k in Enumerable.Range(0, requests[i].Ordinals.Length).Where(k => requests[i].Ordinals[k] == n))
                {
                    var format = requests[i].Format;
                    FramePreparation.Prepare(raw, width, height, format, results[i].AsSpan(k * format.FrameBytes, format.FrameBytes));
                }
        }
        process.Kill();
        process.WaitForExit();
        return results;
    }

    /// <summary>Width and height of the first decoded frame, after rotation.</summary>
    internal (int Width, int Height) FirstSize()
    {
        var header = new byte[32];
        using var process = InstalledFfmpeg.Start("ffmpeg", ["-loglevel", "quiet", "-nostdin", "-i", "file:" + _path, "-map", $"0:{Stream}",
            "-frames:v", "1", "-f", "image2pipe", "-c:v", "ppm", "-"]);
        process.StandardOutput.BaseStream.ReadAtLeast(header, header.Length, throwOnEndOfStream: false);
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        var size = System.Text.Encoding.ASCII.GetString(header).Split('\n')[1].Split(' ');
        return (int.Parse(size[0], CultureInfo.InvariantCulture), int.Parse(size[1], CultureInfo.InvariantCulture));
    }

    private List<Dictionary<string, string>> Lines(params string[] arguments) =>
        [.. InstalledFfmpeg.Run("ffprobe", ["-loglevel", "quiet", .. arguments, "-of", "compact=p=0", "file:" + _path])
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split('|').Where(field => field.Contains('=')).Select(field => field.Split('=', 2)).GroupBy(pair => pair[0])
                .ToDictionary(pair => pair.Key, pair => pair.First()[1]))
            .Where(fields => fields.Count > 0)];
}
