using VideoCaptionRetrieval.Video.Timeline;

namespace VideoCaptionRetrieval.Video.Decoding.Ffmpeg;

/// <summary>Decodes a video by ffmpeg.</summary>
internal sealed class FfmpegDecoder : IVideoDecoder
{
    /// <summary>Memory that the decoders of one ffmpeg may take together where it opens a file several times.</summary>
    private const long SeekMemory = 512L << 20;

    /// <summary>Bytes for each pixel of a decoder: about 16 frames of 12 bits.</summary>
    private const long FrameMemory = 24;

    private const int MaxOpenAtOnce = 12;

    private readonly FfmpegInput _input;
    private readonly Func<bool, VideoProbe> _readProbe;
    private readonly Action<VideoProbe> _rememberProbe;
    private readonly DecodeStrategy? _only;
    private VideoProbe _probe;
    private IReadOnlyList<long>? _decodedKeys;

    /// <param name="input">The file.</param>
    /// <param name="readProbe">Reads what the container states; true = with all frames, however long the video is.</param>
    /// <param name="rememberProbe">Receives what decoding has shown of the file.</param>
    /// <param name="only">The only strategy to use, where it is possible; null = the cheapest.</param>
    /// <exception cref="VideoReadException">ffprobe cannot open the file, or it holds no video.</exception>
    internal FfmpegDecoder(
        FfmpegInput input, Func<bool, VideoProbe> readProbe, Action<VideoProbe> rememberProbe, DecodeStrategy? only)
    {
        (_input, _readProbe, _rememberProbe, _only) = (input, readProbe, rememberProbe, only);
        _probe = readProbe(false);
    }

    public double? StatedDuration => _probe.StatedDuration;

    public double? FileStart => _probe.FileStart;

    public FrameTimeline? Expected => _probe.Packets?.Timeline;

    public IReadOnlyList<long>? KeyFrames
    {
        get
        {
            ListAllFrames();
            return _probe.Packets?.Keys ?? _decodedKeys;
        }
    }

    public DecodePlan? Plan(IReadOnlyList<double> times, FrameTimeline? known, bool onePass)
    {
        var only = onePass ? DecodeStrategy.OnePass : _only;
        var plan = new DecodePlanner(_probe, only).Plan(times, known);
        if (plan?.Strategy != DecodeStrategy.OnePass || _probe.Packets is not { IsComplete: false }) return plan;
        // Where every frame is decoded anyway, listing them all costs little, and then each is known before.
        ListAllFrames();
        return new DecodePlanner(_probe, only).Plan(times, known);
    }

    public FrameTimeline? Decode(DecodePlan plan, FrameConsumer consume, CancellationToken cancellationToken)
    {
        if (plan.Strategy == DecodeStrategy.OnePass) return Whole(Run(plan, consume, cancellationToken));
        try
        {
            var runs = plan.Segments.Chunk(OpenAtOnce)
                .Select(segments => Run(plan with { Segments = segments }, consume, cancellationToken)).ToList();
            if (new SegmentCheck(_probe, plan).Timeline(runs) is { } timeline) return timeline;
        }
        catch (VideoReadException)
        {
            // One pass says what is wrong with the file, if it is the file.
        }
        _probe = _probe with { SeeksFail = true };
        _rememberProbe(_probe);
        return null;
    }

    /// <summary>Files that one ffmpeg opens at once: each keeps the frames that its decoder refers to.</summary>
    private int OpenAtOnce => (int)Math.Clamp(SeekMemory / (FrameMemory * Math.Max(_probe.Pixels, 1)), 1, MaxOpenAtOnce);

    private void ListAllFrames()
    {
        if (_probe.Packets is { IsComplete: false }) _probe = _readProbe(true);
    }

    /// <summary>Returns the timeline of a decode of the whole file.</summary>
    private FrameTimeline Whole(DecodeRun run)
    {
        var segment = run.Log.Segments[0];
        if (segment.Timestamps.Count == 0 || segment.TimeBase is not { } timeBase)
        {
            var errors = run.Errors.Length > 0 ? ": " + run.Errors : "";
            throw new VideoReadException(_input.Path, $"holds no frame that ffmpeg can decode{errors}");
        }
        _decodedKeys = segment.Keys;
        return new(segment.Timestamps, timeBase, _probe.Packets?.Duration(segment.Timestamps.Max()));
    }

    private DecodeRun Run(DecodePlan plan, FrameConsumer consume, CancellationToken cancellationToken)
    {
        if (_input.Hardware.Name is not { } hardware) return Run(plan, null, consume, cancellationToken);
        try
        {
            return Run(plan, hardware, consume, cancellationToken);
        }
        catch (VideoReadException e)
        {
            var run = Run(plan, null, consume, cancellationToken);
            // Where the file were at fault, this would have failed too.
            _input.Hardware.Fail(e.Message);
            return run;
        }
    }

    private DecodeRun Run(DecodePlan plan, string? hardware, FrameConsumer consume, CancellationToken cancellationToken)
    {
        var log = new DecodeLog(plan.Segments);
        var arguments = new DecodeArguments(_input, _probe, plan, log, hardware).All();
        _input.Starting?.Invoke(arguments);
        using var process = _input.Start(_input.Tools.Ffmpeg, arguments, log, cancellationToken);
        using var pictures = new PortablePixmapReader(process.Read, _input.Options.MaximumPixels);
        try
        {
            while (pictures.Read() && log.TryTake(out var timestamp))
                consume(timestamp, pictures.Width, pictures.Height, pictures.Pixels);
        }
        catch (InvalidDataException e)
        {
            throw new VideoReadException(_input.Path, $"ffmpeg delivered what is no frame: {e.Message}", e);
        }
        process.Finish();
        if (log.SpokeOfMemory)
        {
            var bound = $"{nameof(FfmpegOptions)}.{nameof(FfmpegOptions.MaximumMemory)}";
            throw new VideoReadException(_input.Path,
                $"ffmpeg got no memory for its frames: it may have {_input.Options.MaximumMemory >> 20} MiB ({bound})");
        }
        return new(log, process.Errors);
    }
}
