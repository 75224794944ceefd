using System.Collections.Concurrent;
using System.Globalization;
using VideoCaptionRetrieval.Video.Timeline;

namespace VideoCaptionRetrieval.Video.Decoding.Ffmpeg;

/// <summary>What ffprobe reports of a file's video stream. Immutable.</summary>
/// <param name="StreamIndex">The stream's index in the file.</param>
/// <param name="Codec">Name of the codec, such as "h264".</param>
/// <param name="Profile">Name of the codec's profile, such as "High"; empty where there is none.</param>
/// <param name="Container">Names of the container, such as "matroska,webm".</param>
/// <param name="Pixels">Width times height, as the container states them; 0 where it does not.</param>
/// <param name="StatedDuration">The stream's duration in seconds, else the container's; null where neither is stated.</param>
/// <param name="Packets">What the container says about frames; null where it states no times.</param>
internal sealed record VideoProbe(
    int StreamIndex, string Codec, string Profile, string Container, long Pixels, double? StatedDuration, PacketList? Packets)
{
    /// <summary>Whether decoding from the middle of the file has given what cannot be trusted.</summary>
    internal bool SeeksFail { get; init; }

    /// <summary>When the file begins, sound included, in seconds of its own timestamps; null where that is not stated.</summary>
    internal double? FileStart { get; init; }

    /// <summary>
    /// Whether the file holds several recordings, one after the other, each with a clock of its own. What it states of frames and its length
    /// is then true of one of them only, and is left out; ffmpeg lets time run on from one to the next.
    /// </summary>
    internal bool IsAppended { get; init; }

    /// <summary>Seconds that the time of packets must go back for another recording to have begun; damaged streams go back by a few frames.</summary>
    private const double NewRecording = 0.5;

    /// <summary>
    /// The number of packets that are listed from the beginning: all of a clip of a minute. A longer list is worth its time only where every
    /// frame is decoded anyway.
    /// </summary>
    internal const int HeadPackets = 2000;

    /// <summary>Two days of video; a list has at most some 100 bytes for each.</summary>
    private const int MaxPackets = 5_000_000;

    /// <summary>Seconds that no video lasts: seeking there reads its last key frame and what follows.</summary>
    private const string BehindTheEnd = "99999999%";

    private const string Entries = "packet=stream_index,pts,dts,duration,pos,flags"
        + ":stream=index,codec_type,codec_name,profile,width,height,time_base,duration:stream_disposition=default,attached_pic"
        + ":format=format_name,start_time,duration";

    /// <summary>Lists the streams, and the packets at the beginning and the end of a long file, or all.</summary>
    /// <param name="input">The file.</param>
    /// <param name="allPackets">Whether every packet is listed, however long the file is.</param>
    /// <param name="cancellationToken">Ends ffprobe.</param>
    /// <exception cref="VideoReadException">ffprobe cannot open the file, or it holds no video.</exception>
    internal static VideoProbe Read(FfmpegInput input, bool allPackets, CancellationToken cancellationToken)
    {
        if (!allPackets && TryRun(input, ["-read_intervals", $"%+#{HeadPackets},{BehindTheEnd}"], cancellationToken) is { } partly)
        {
            var complete = partly.Lines < HeadPackets;
            var probe = Choose(partly, input, complete, cancellationToken);
            // Where the end is listed again, packets without a time look as if time went back.
            if (complete ? !probe.IsAppended : !probe.MayBeAppended && (probe.Packets is null or { IsComplete: true } || probe.KnowsItsEnd)) return probe;
        }
        return Choose(Run(input, [], cancellationToken), input, complete: true, cancellationToken);
    }

    /// <summary>
    /// Whether the last packet listed lies where the stated duration says; else the end is not known without listing all.
    /// </summary>
    private bool KnowsItsEnd => StatedDuration is { } stated && Packets is { } packets && packets.Timeline.End(stated) == stated;

    /// <summary>
    /// Whether recordings can be joined by joining their files. Only a list of all packets shows it, and costs little beside decoding such
    /// a file, which is always decoded whole.
    /// </summary>
    private bool MayBeAppended => Container.Split(',').Any(_streamed.Contains);

    private static readonly string[] _streamed = ["mpegts", "mpeg", "mpegvideo", "asf", "flv", "ogg"];

    private static CompactOutput? TryRun(FfmpegInput input, string[] intervals, CancellationToken cancellationToken)
    {
        try
        {
            return Run(input, intervals, cancellationToken);
        }
        catch (VideoReadException)
        {
            // Some containers cannot be sought in; where the file itself is at fault, the next run says so.
            return null;
        }
    }

    private static CompactOutput Run(FfmpegInput input, string[] intervals, CancellationToken cancellationToken)
    {
        string[] arguments =
        [
            "-loglevel", "level+error", .. input.Arguments, "-select_streams", "v", .. intervals,
            "-show_entries", Entries, "-of", "compact",
        ];
        using var process = input.Start(input.Tools.Ffprobe, arguments, null, cancellationToken);
        var output = new CompactOutput();
        LineReader.Read(process.Read, line =>
        {
            output.Add(line);
            if (output.Lines > MaxPackets) throw new VideoReadException(input.Path, $"holds more than {MaxPackets} frames");
        });
        process.Finish();
        return output;
    }

    private static VideoProbe Choose(CompactOutput output, FfmpegInput input, bool complete, CancellationToken cancellationToken)
    {
        // Cover art is a video stream of one picture; the default stream comes first, then the largest.
        var stream = output.Streams.Where(stream => !Is(stream, "attached_pic"))
            .OrderByDescending(stream => Is(stream, "default")).ThenByDescending(Area).ThenBy(stream => Index(stream)).FirstOrDefault()
            ?? throw new VideoReadException(input.Path, $"holds no video stream; found: {OtherStreams(input, cancellationToken)}");
        var packets = output.Packets(Index(stream));
        var ticks = TimeBase.TryParse(stream.GetValueOrDefault("time_base"), out var timeBase);
        var timed = ticks && packets is { Count: > 0 };
        var probe = new VideoProbe(
            Index(stream), stream.GetValueOrDefault("codec_name", ""), stream.GetValueOrDefault("profile", ""),
            output.Container.GetValueOrDefault("format_name", ""), Area(stream),
            CompactOutput.Positive(stream, "duration") ?? CompactOutput.Positive(output.Container, "duration"),
            timed ? new(packets!, timeBase, complete || output.Overlaps(Index(stream))) : null)
        {
            FileStart = CompactOutput.Number(output.Container, "start_time"),
        };
        var isAppended = probe.MayBeAppended && complete && ticks && timeBase.Seconds(0, output.JumpBack(Index(stream))) > NewRecording;
        // Where ffmpeg makes timestamps run on, it counts them from the file's start.
        return isAppended ? probe with { IsAppended = true, Packets = null, StatedDuration = null, FileStart = 0 } : probe;
    }

    private static string OtherStreams(FfmpegInput input, CancellationToken cancellationToken)
    {
        string[] arguments =
        [
            "-loglevel", "level+error", .. input.Arguments, "-show_entries", "stream=codec_type,codec_name", "-of", "compact",
        ];
        using var process = input.Start(input.Tools.Ffprobe, arguments, null, cancellationToken);
        var output = new CompactOutput();
        LineReader.Read(process.Read, output.Add);
        process.Finish();
        var found = output.Streams.Select(stream => $"{stream.GetValueOrDefault("codec_type")} {stream.GetValueOrDefault("codec_name")}");
        return output.Streams.Count > 0 ? string.Join(", ", found.Select(text => text.Trim())) : "no stream";
    }

    private static int Index(Dictionary<string, string> stream) => int.Parse(stream.GetValueOrDefault("index", "0"), CultureInfo.InvariantCulture);

    private static long Area(Dictionary<string, string> stream) =>
        (long)((CompactOutput.Positive(stream, "width") ?? 0) * (CompactOutput.Positive(stream, "height") ?? 0));

    private static bool Is(Dictionary<string, string> stream, string disposition) =>
        stream.GetValueOrDefault("disposition:" + disposition) == "1";
}

/// <summary>Caches what ffprobe has reported of files that have not changed since. Thread-safe.</summary>
internal sealed class ProbeCache
{
    /// <summary>A list of all frames of a minute of video takes some 50 KiB.</summary>
    private const int MaxFrames = 2_000_000;

    private readonly ConcurrentDictionary<(string FullPath, long Length, DateTime Changed), VideoProbe> _probes = [];
    private long _frames;

    /// <summary>Returns what is known of a file, and asks ffprobe where that is too little.</summary>
    /// <param name="file">The file.</param>
    /// <param name="complete">Whether all frames must be listed.</param>
    /// <param name="read">Asks ffprobe.</param>
    internal VideoProbe Get(VideoFile file, bool complete, Func<VideoProbe> read)
    {
        if (_probes.TryGetValue(Key(file), out var known) && (!complete || known.Packets?.IsComplete != false)) return known;
        var probe = read() with { SeeksFail = known?.SeeksFail == true };
        Set(file, probe);
        return probe;
    }

    /// <summary>Sets what is known of a file.</summary>
    internal void Set(VideoFile file, VideoProbe probe)
    {
        if (Interlocked.Add(ref _frames, probe.Packets?.Packets.Count ?? 1) > MaxFrames)
        {
            // Rare, and asking again costs a tenth of a second: not worth an order of use.
            _probes.Clear();
            Interlocked.Exchange(ref _frames, 0);
        }
        _probes[Key(file)] = probe;
    }

    private static (string FullPath, long Length, DateTime Changed) Key(VideoFile file) => (file.FullPath, file.Length, file.Changed);
}
