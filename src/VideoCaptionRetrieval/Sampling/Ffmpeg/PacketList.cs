using System.Buffers.Text;
using System.Text;

namespace VideoCaptionRetrieval.Sampling.Ffmpeg;

/// <summary>What a container says about its frames, without decoding them.</summary>
/// <param name="Timeline">Where the frames should be; null where the container states no times.</param>
/// <param name="Durations">Ticks that a frame is on screen, by its timestamp, where that is stated.</param>
internal sealed record PacketList(FrameTimeline? Timeline, IReadOnlyDictionary<long, long> Durations)
{
    internal static PacketList Read(FfmpegInput input, int streamIndex, CancellationToken cancellationToken)
    {
        string[] arguments =
        [
            "-loglevel", "level+error", .. input.Arguments, "-select_streams", $"{streamIndex}",
            "-show_entries", "stream=time_base:packet=pts,duration,flags", "-of", "compact",
        ];
        using var process = input.Start(input.Tools.Ffprobe, arguments, null, cancellationToken);
        List<long> timestamps = [];
        Dictionary<long, long> durations = [];
        TimeBase? timeBase = null;
        var complete = true;
        LineReader.Read(process.Read, line =>
        {
            if (TimeBase.TryParse(Encoding.ASCII.GetString(Value(line, "time_base="u8)), out var tick)) timeBase = tick;
            // Flag D: outside the part that the file's edit list shows.
            if (!line.StartsWith("packet|"u8) || Value(line, "flags="u8).Contains((byte)'D')) return;
            if (!Utf8Parser.TryParse(Value(line, "pts="u8), out long timestamp, out _))
            {
                complete = false;
                return;
            }
            timestamps.Add(timestamp);
            if (Utf8Parser.TryParse(Value(line, "duration="u8), out long duration, out _) && duration > 0) durations[timestamp] = duration;
        });
        process.Finish();
        if (!complete || timeBase is not { } known || timestamps.Count == 0) return new(null, durations);
        return new(new(timestamps, known, durations.TryGetValue(timestamps.Max(), out var last) ? last : null), durations);
    }

    private static ReadOnlySpan<byte> Value(ReadOnlySpan<byte> line, ReadOnlySpan<byte> key)
    {
        foreach (var field in line.Split((byte)'|'))
            if (line[field].StartsWith(key)) return line[field][key.Length..];
        return [];
    }
}
