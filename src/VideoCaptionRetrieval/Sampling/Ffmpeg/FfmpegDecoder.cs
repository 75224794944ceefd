namespace VideoCaptionRetrieval.Sampling.Ffmpeg;

/// <summary>A video that ffmpeg decodes.</summary>
internal sealed class FfmpegDecoder : IVideoDecoder
{
    /// <summary>Full-size RGB with full chroma interpolation; ffmpeg turns rotated pictures before.</summary>
    private const string ToRgb = "scale=flags=accurate_rnd+full_chroma_int+full_chroma_inp,format=rgb24";

    private readonly FfmpegInput _input;
    private readonly VideoProbe _probe;
    private readonly PacketList _packets;

    private FfmpegDecoder(FfmpegInput input, VideoProbe probe, PacketList packets) => (_input, _probe, _packets) = (input, probe, packets);

    public double? StatedDuration => _probe.StatedDuration;

    public FrameTimeline? Expected => _packets.Timeline;

    /// <exception cref="VideoReadException">ffprobe cannot open the file, or it holds no video.</exception>
    internal static FfmpegDecoder Open(FfmpegInput input, CancellationToken cancellationToken)
    {
        var probe = VideoProbe.Read(input, cancellationToken);
        return new(input, probe, PacketList.Read(input, probe.StreamIndex, cancellationToken));
    }

    public FrameTimeline Decode(IReadOnlySet<long> wanted, FrameConsumer consume, CancellationToken cancellationToken)
    {
        // Where an expression would be too long for a command line, all frames come, and the others are dropped here.
        var selectable = wanted.Count <= SelectExpression.MaximumTimestamps;
        var log = new ShowinfoLog(selectable ? wanted : null);
        var arguments = Arguments(log, selectable ? SelectExpression.Of(wanted) : "1");
        using var process = _input.Start(_input.Tools.Ffmpeg, arguments, log, cancellationToken);
        using var pictures = new PortablePixmapReader(process.Read, _input.Options.MaximumPixels);
        try
        {
            while (pictures.Read() && log.TryTake(out var timestamp))
                if (wanted.Contains(timestamp)) consume(timestamp, pictures.Width, pictures.Height, pictures.Pixels);
        }
        catch (InvalidDataException e)
        {
            throw new VideoReadException(_input.Path, $"ffmpeg delivered what is no frame: {e.Message}", e);
        }
        process.Finish();
        if (log.Timestamps.Count == 0 || log.TimeBase is not { } timeBase)
        {
            var errors = process.Errors.Length > 0 ? ": " + process.Errors : "";
            throw new VideoReadException(_input.Path, $"holds no frame that ffmpeg can decode{errors}");
        }
        return new(log.Timestamps, timeBase, _packets.Durations.TryGetValue(log.Timestamps.Max(), out var last) ? last : null);
    }

    private string[] Arguments(ShowinfoLog log, string select)
    {
        var threads = $"{_input.Options.DecoderThreads}";
        return
        [
            "-hide_banner", "-nostdin", "-nostats", "-loglevel", "level+info",
            // Damage does not end the decoding: what can be seen of a video is used.
            "-max_error_rate", "1",
            // Timestamps as the file has them.
            "-copyts", "-filter_threads", threads, "-threads", threads, .. _input.Arguments, "-map", $"0:{_probe.StreamIndex}",
            "-vf", $"{log.FilterName}=checksum=0,select='{select}',{ToRgb}",
            // Every frame as it comes, none doubled or dropped to even out the rate.
            _input.Tools.HasFrameRateMode ? "-fps_mode" : "-vsync", "passthrough",
            "-threads", "1", "-c:v", "ppm", "-f", "image2pipe", "pipe:1",
        ];
    }
}
