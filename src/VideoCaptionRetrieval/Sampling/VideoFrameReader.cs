using VideoCaptionRetrieval.Models.Imaging;
using VideoCaptionRetrieval.Sampling.Ffmpeg;

namespace VideoCaptionRetrieval.Sampling;

/// <summary>
/// Reads frames of videos by the rule: frame k of N is the one on screen at t_k = start + (k + ½)(end − start)/N, the last whose
/// presentation time, counted from the first frame's, is ≤ t_k. Thread-safe.
/// </summary>
/// <remarks>
/// The whole video is decoded, never sought in, and only the chosen frames leave the decoder. The choice is made by what the
/// container says before decoding, and made again by the decoded frames; where the two differ, a second decode follows.
/// </remarks>
internal sealed class VideoFrameReader
{
    private readonly FfmpegOptions _options;
    private readonly Lazy<FfmpegTools> _tools;

    /// <param name="options">How videos are decoded; ffmpeg is looked for at the first read.</param>
    internal VideoFrameReader(FfmpegOptions options)
    {
        _options = options;
        _tools = new(() => FfmpegTools.Find(options), LazyThreadSafetyMode.PublicationOnly);
    }

    /// <summary>Reads the frames of several requests from one decode.</summary>
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
            ArgumentOutOfRangeException.ThrowIfLessThan(request.Count, 1, nameof(requests));
            ArgumentOutOfRangeException.ThrowIfLessThan(request.Format.Size, 1, nameof(requests));
        }
        cancellationToken.ThrowIfCancellationRequested();
        var decoder = Open(clip.Path, cancellationToken);
        var prepared = new PreparedFrames();

        var guess = Guess(clip, requests, decoder);
        var timeline = prepared.Decode(decoder, guess, cancellationToken);
        var plan = SamplingPlan.Make(clip, requests, timeline, decoder.StatedDuration);
        if (!prepared.Holds(plan)) prepared.Decode(decoder, plan, cancellationToken);
        if (!prepared.Holds(plan)) throw new VideoReadException(clip.Path, "decoding it twice gave different frames");
        return prepared.Assemble(plan, requests, timeline);
    }

    private IVideoDecoder Open(string path, CancellationToken cancellationToken)
    {
        var fullPath = VideoFileCheck.FullPath(path);
        return AnimatedWebpDecoder.Recognise(fullPath)
            ? new AnimatedWebpDecoder(path, fullPath, _options)
            : FfmpegDecoder.Open(new(path, fullPath, _tools.Value, _options), cancellationToken);
    }

    private static SamplingPlan? Guess(VideoClip clip, IReadOnlyList<FrameRequest> requests, IVideoDecoder decoder)
    {
        try
        {
            return decoder.Expected is { } expected ? SamplingPlan.Make(clip, requests, expected, decoder.StatedDuration) : null;
        }
        catch (VideoReadException)
        {
            // Only the decoded frames can say that the clip lies outside the video.
            return null;
        }
    }
}
