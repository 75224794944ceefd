using VideoCaptionRetrieval.Video.Cache;
using VideoCaptionRetrieval.Video.Decoding;
using VideoCaptionRetrieval.Video.Decoding.Ffmpeg;
using VideoCaptionRetrieval.Video.Timeline;

namespace VideoCaptionRetrieval.Video.Reading;

/// <summary>
/// Reads frames of videos by the rule: frame k of N is the one on screen at t_k = start + (k + ½)(end − start)/N, the last whose
/// presentation time, counted from the first frame's, is ≤ t_k. Thread-safe.
/// </summary>
/// <remarks>
/// Times that are given and returned are those of a player's clock, which counts from the file's start: where the picture begins after the
/// sound, they differ from t_k by that much.
/// Frames are chosen by what the container states, and again by the decoded frames; where the two differ, or a decode from the middle of
/// the file is in doubt, another decode follows, in the end one of the whole file.
/// </remarks>
public sealed class VideoFrameReader
{
    /// <summary>A guess, another by what it showed, and both once more from the beginning of the file.</summary>
    private const int MaxDecodeAttempts = 4;

    private readonly FfmpegOptions _options;
    private readonly Lazy<FfmpegTools> _tools;
    private readonly HardwareDecoder _hardware;
    private readonly FrameCache? _cache;
    private readonly ProbeCache _probes = new();

    /// <param name="options">Location and limits of ffmpeg, which the first read looks for.</param>
    /// <param name="warn">Receives warnings, on any thread.</param>
    /// <param name="cache">The cache of frames; null = none.</param>
    /// <exception cref="IOException">The cache's folder cannot be written to.</exception>
    public VideoFrameReader(FfmpegOptions options, Action<string>? warn = null, FrameCacheOptions? cache = null)
    {
        _options = options;
        _cache = cache is null ? null : new(cache, warn);
        _hardware = new(options.HardwareDecoding, warn);
        _tools = new(() => FfmpegTools.Find(options), LazyThreadSafetyMode.PublicationOnly);
    }

    /// <summary>What tests observe and restrict.</summary>
    internal DecodingHooks Hooks { get; init; } = new();

    /// <summary>Reads the frames of several requests from one video.</summary>
    /// <param name="clip">The video or the part of it.</param>
    /// <param name="requests">At least one.</param>
    /// <param name="cancellationToken">Cancels the decoding at once.</param>
    /// <exception cref="VideoReadException">The video cannot be read, or the clip does not lie in it.</exception>
    /// <exception cref="FileNotFoundException">ffmpeg or ffprobe is not installed.</exception>
    public SampledFrames Read(VideoClip clip, IReadOnlyList<FrameRequest> requests, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfZero(requests.Count, nameof(requests));
        foreach (var request in requests)
        {
            if (request.Count is { } count) ArgumentOutOfRangeException.ThrowIfLessThan(count, 1, nameof(requests));
            ArgumentOutOfRangeException.ThrowIfLessThan(request.Format.Size, 1, nameof(requests));
        }
        cancellationToken.ThrowIfCancellationRequested();
        var file = VideoFile.Open(clip.Path);
        using var limit = new ReadTimeout(_options.LimitFor(file.Length), cancellationToken);
        try
        {
            return Read(clip, requests, file, limit.Token);
        }
        catch (OperationCanceledException) when (limit.IsReached)
        {
            throw new VideoReadException(clip.Path, Invariant($"reading it took longer than {limit.Length.TotalSeconds:0.###} s and was ended"));
        }
    }

    private SampledFrames Read(
        VideoClip clip, IReadOnlyList<FrameRequest> requests, VideoFile file, CancellationToken cancellationToken)
    {
        var prepared = new PreparedFrames(requests);
        if (_cache is null) return Decode(clip, requests, Open(file, cancellationToken), prepared, null, cancellationToken).Frames;
        var cached = new CachedSampling(_cache.Open(_cache.Identify(file, cancellationToken)), requests, prepared, _options.PixelAspect);
        if (cached.TryRead(clip) is { } frames) return frames;
        var decoder = Open(file, cancellationToken);
        var decoded = Decode(clip, requests, decoder, prepared, cached.Known?.Timeline, cancellationToken);
        cached.Save(decoder, decoded.Plan);
        return decoded.Frames;
    }

    private (SampledFrames Frames, SamplingPlan Plan) Decode(
        VideoClip clip, IReadOnlyList<FrameRequest> requests, IVideoDecoder decoder, PreparedFrames prepared, FrameTimeline? known,
        CancellationToken cancellationToken)
    {
        var onePass = false;
        for (var decodes = 0; ; decodes++)
        {
            var sampling = known is { } shown ? Sampling(clip, requests, shown, decoder) : Guess(clip, requests, decoder);
            if (known is not null && prepared.Holds(sampling!)) return (prepared.Assemble(clip.Path, sampling!), sampling!);
            if (decodes == MaxDecodeAttempts) throw new VideoReadException(clip.Path, "decoding it twice gave different frames");
            var plan = (sampling is null ? null : decoder.Plan(sampling.Missing(prepared.Holds), known, onePass)) ?? DecodePlan.OnePass([]);
            Hooks.Decoding?.Invoke(plan);
            var found = prepared.Decode(decoder, plan, sampling, cancellationToken);
            known = found is null || known is null ? found : found.With(known);
            // A decode from the middle does not override what one from the beginning has shown.
            onePass |= known is null || plan.Strategy == DecodeStrategy.OnePass || decodes > 0;
        }
    }

    private IVideoDecoder Open(VideoFile file, CancellationToken cancellationToken)
    {
        if (AnimatedWebpDecoder.Recognise(file.FullPath)) return new AnimatedWebpDecoder(file.Path, file.FullPath, _options);
        var input = new FfmpegInput(file.Path, file.FullPath, _tools.Value, _options, _hardware) { Starting = Hooks.Starting };
        return new FfmpegDecoder(
            input, complete => _probes.Get(file, complete, () => VideoProbe.Read(input, complete, cancellationToken)),
            probe => _probes.Set(file, probe), Hooks.Only);
    }

    private static SamplingPlan Sampling(
        VideoClip clip, IReadOnlyList<FrameRequest> requests, FrameTimeline timeline, IVideoDecoder decoder) =>
        new(RequestedTimes.Compute(clip, requests, timeline, decoder), requests, timeline);

    private static SamplingPlan? Guess(VideoClip clip, IReadOnlyList<FrameRequest> requests, IVideoDecoder decoder)
    {
        try
        {
            return decoder.Expected is { } expected ? Sampling(clip, requests, expected, decoder) : null;
        }
        catch (VideoReadException)
        {
            // Only the decoded frames can tell that the clip lies outside the video.
            return null;
        }
    }
}

/// <summary>Cancels the reading of one video after a time limit, or when the caller cancels.</summary>
internal sealed class ReadTimeout : IDisposable
{
    private readonly CancellationTokenSource _source;
    private readonly CancellationToken _callers;

    internal ReadTimeout(TimeSpan length, CancellationToken cancellationToken)
    {
        (Length, _callers) = (length, cancellationToken);
        _source = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _source.CancelAfter(length);
    }

    internal TimeSpan Length { get; }

    internal CancellationToken Token => _source.Token;

    /// <summary>Whether the time limit has cancelled, not the caller.</summary>
    internal bool IsReached => _source.IsCancellationRequested && !_callers.IsCancellationRequested;

    public void Dispose() => _source.Dispose();
}

/// <summary>What tests observe of decoding, and how they restrict it.</summary>
internal sealed record DecodingHooks
{
    /// <summary>The only strategy to use, where it is possible; null = the cheapest for each video.</summary>
    internal DecodeStrategy? Only { get; init; }

    /// <summary>Called before each decode.</summary>
    internal Action<DecodePlan>? Decoding { get; init; }

    /// <summary>Called with the arguments of each start of ffmpeg.</summary>
    internal Action<IReadOnlyList<string>>? Starting { get; init; }
}
