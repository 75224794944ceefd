using VideoCaptionRetrieval.Models.Imaging;
using VideoCaptionRetrieval.Sampling.Ffmpeg;

namespace VideoCaptionRetrieval.Sampling;

/// <summary>
/// Reads frames of videos by the rule: frame k of N is the one on screen at t_k = start + (k + ½)(end − start)/N, the last whose
/// presentation time, counted from the first frame's, is ≤ t_k. Thread-safe.
/// </summary>
/// <remarks>
/// The choice is made by what the container says before decoding, and made again by the decoded frames; where the two differ, or a
/// decode from the middle of the file is in doubt, another decode follows, in the end one of the whole file.
/// </remarks>
internal sealed class VideoFrameReader
{
    /// <summary>A guess, another by what it showed, and both once more from the beginning of the file.</summary>
    private const int MostDecodes = 4;

    private readonly FfmpegOptions _options;
    private readonly Lazy<FfmpegTools> _tools;
    private readonly HardwareDecoder _hardware;
    private readonly ProbeCache _probes = new();

    /// <param name="options">How videos are decoded; ffmpeg is looked for at the first read.</param>
    /// <param name="warn">Takes lines for people, on any thread.</param>
    internal VideoFrameReader(FfmpegOptions options, Action<string>? warn = null)
    {
        _options = options;
        _hardware = new(options.HardwareDecoding, warn);
        _tools = new(() => FfmpegTools.Find(options), LazyThreadSafetyMode.PublicationOnly);
    }

    /// <summary>The one strategy that may be used, where it is possible; null = the cheapest for each video.</summary>
    internal DecodeStrategy? Only { get; init; }

    /// <summary>Is told of each decode.</summary>
    internal Action<DecodePlan>? Decoding { get; init; }

    /// <summary>Reads the frames of several requests from one video.</summary>
    /// <param name="clip">The video or the part of it.</param>
    /// <param name="requests">At least one.</param>
    /// <param name="cancellationToken">Ends the decoder at once.</param>
    /// <exception cref="VideoReadException">The video cannot be read, or the clip does not lie in it.</exception>
    /// <exception cref="FileNotFoundException">ffmpeg or ffprobe is not installed.</exception>
    internal SampledFrames Read(VideoClip clip, IReadOnlyList<FrameRequest> requests, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfZero(requests.Count, nameof(requests));
        foreach (var request in requests)
        {
            if (request.Count is { } count) ArgumentOutOfRangeException.ThrowIfLessThan(count, 1, nameof(requests));
            ArgumentOutOfRangeException.ThrowIfLessThan(request.Format.Size, 1, nameof(requests));
        }
        cancellationToken.ThrowIfCancellationRequested();
        var file = VideoFileCheck.Open(clip.Path);
        using var limit = new ReadLimit(_options.LimitFor(file.Length), cancellationToken);
        try
        {
            return Read(clip, requests, Open(file, limit.Token), limit.Token);
        }
        catch (OperationCanceledException) when (limit.IsReached)
        {
            throw new VideoReadException(clip.Path, $"reading it took longer than {limit.Length.TotalSeconds:0.###} s and was ended");
        }
    }

    private SampledFrames Read(VideoClip clip, IReadOnlyList<FrameRequest> requests, IVideoDecoder decoder, CancellationToken cancellationToken)
    {
        var prepared = new PreparedFrames(requests);
        FrameTimeline? known = null;
        var onePass = false;
        for (var decodes = 0; decodes < MostDecodes; decodes++)
        {
            var sampling = known is { } shown ? Sampling(clip, requests, shown, decoder) : Guess(clip, requests, decoder);
            if (known is not null && prepared.Holds(sampling!)) return prepared.Assemble(clip.Path, sampling!);
            var plan = (sampling is null ? null : decoder.Plan(sampling.Missing(prepared.Holds), known, onePass)) ?? DecodePlan.OnePass([]);
            Decoding?.Invoke(plan);
            known = prepared.Decode(decoder, plan, sampling, cancellationToken);
            // What a decode from the beginning has shown is not doubted by one from the middle.
            onePass |= known is null || plan.Strategy == DecodeStrategy.OnePass || decodes > 0;
        }
        return known is not null && Sampling(clip, requests, known, decoder) is var last && prepared.Holds(last)
            ? prepared.Assemble(clip.Path, last)
            : throw new VideoReadException(clip.Path, "decoding it twice gave different frames");
    }

    private IVideoDecoder Open(VideoFile file, CancellationToken cancellationToken)
    {
        if (AnimatedWebpDecoder.Recognise(file.FullPath)) return new AnimatedWebpDecoder(file.Path, file.FullPath, _options);
        var input = new FfmpegInput(file.Path, file.FullPath, _tools.Value, _options, _hardware);
        return new FfmpegDecoder(
            input, complete => _probes.Get(file, complete, () => VideoProbe.Read(input, complete, cancellationToken)),
            probe => _probes.Set(file, probe), Only);
    }

    private static SamplingPlan Sampling(VideoClip clip, IReadOnlyList<FrameRequest> requests, FrameTimeline timeline, IVideoDecoder decoder) =>
        new(SamplingTimes.Of(clip, requests, timeline, decoder), requests, timeline);

    private static SamplingPlan? Guess(VideoClip clip, IReadOnlyList<FrameRequest> requests, IVideoDecoder decoder)
    {
        try
        {
            return decoder.Expected is { } expected ? Sampling(clip, requests, expected, decoder) : null;
        }
        catch (VideoReadException)
        {
            // Only the decoded frames can say that the clip lies outside the video.
            return null;
        }
    }
}
