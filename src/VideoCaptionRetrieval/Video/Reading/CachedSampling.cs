using VideoCaptionRetrieval.Video.Cache;
using VideoCaptionRetrieval.Video.Timeline;

namespace VideoCaptionRetrieval.Video.Reading;

/// <summary>Answers requests for frames of one video from the cache, and adds frames that had to be decoded. Not thread-safe.</summary>
internal sealed class CachedSampling
{
    private readonly CachedVideo _video;
    private readonly IReadOnlyList<FrameRequest> _requests;
    private readonly PreparedFrames _prepared;
    private readonly PixelAspect _pixels;
    private readonly HashSet<(long, string)> _cached = [];

    /// <param name="video">The cached frames of the video.</param>
    /// <param name="requests">The requests.</param>
    /// <param name="prepared">Receives the frames.</param>
    /// <param name="pixels">How pixels are taken that are not square.</param>
    internal CachedSampling(CachedVideo video, IReadOnlyList<FrameRequest> requests, PreparedFrames prepared, PixelAspect pixels)
    {
        (_video, _requests, _prepared, _pixels) = (video, requests, prepared, pixels);
        Known = video.Notes.Select(VideoMetadata.TryParse).OfType<VideoMetadata>()
            .Aggregate((VideoMetadata?)null, (all, one) => all?.With(one) ?? one);
    }

    /// <summary>The metadata of the video that the cache holds; null = none.</summary>
    internal VideoMetadata? Known { get; }

    /// <summary>Reads the whole answer; null where a frame is missing. Frames that are there are taken in either case.</summary>
    /// <exception cref="VideoReadException">The clip does not lie in the video.</exception>
    internal SampledFrames? TryRead(VideoClip clip)
    {
        if (Known is null || (Known.KeyFrames is null && NeedsKeyFrames) || Plan(clip, Known) is not { } sampling) return null;
        foreach (var (timestamp, formats) in sampling.Formats)
            foreach (var format in formats)
            {
                var form = FrameCacheKey.Create(format, _pixels);
                if (_video.TryGet(form, timestamp) is not { } frame) continue;
                _prepared.Add(timestamp, format, frame);
                _cached.Add((timestamp, form));
            }
        return _prepared.Holds(sampling) ? _prepared.Assemble(clip.Path, sampling) : null;
    }

    /// <summary>Adds the frames of a plan that were missing, and the metadata that its decode has shown.</summary>
    internal void Save(IVideoMetadata metadata, SamplingPlan plan)
    {
        var frames = plan.Formats
            .SelectMany(frame => frame.Value.Select(format => (Timestamp: frame.Key, Format: format, Form: FrameCacheKey.Create(format, _pixels))))
            .Where(frame => !_cached.Contains((frame.Timestamp, frame.Form)))
            .Select(frame => new CachedFrame(frame.Form, frame.Timestamp, _prepared.All[(frame.Timestamp, frame.Format)])).ToArray();
        var isKnown = Known is { Timeline.IsWhole: true } && (Known.KeyFrames is not null || !NeedsKeyFrames);
        _video.Add(isKnown ? [] : Note(metadata, plan), frames);
    }

    private byte[] Note(IVideoMetadata metadata, SamplingPlan plan)
    {
        // Reading key frames may list all frames of a long file.
        var keys = NeedsKeyFrames ? metadata.KeyFrames : null;
        return new VideoMetadata(metadata.StatedDuration, keys, plan.Timeline) { FileStart = metadata.FileStart }.ToBytes();
    }

    private SamplingPlan? Plan(VideoClip clip, VideoMetadata known)
    {
        try
        {
            return new(RequestedTimes.Compute(clip, _requests, known.Timeline, known), _requests, known.Timeline);
        }
        catch (VideoReadException) when (!known.Timeline.IsWhole)
        {
            // Only a decode can tell that the clip lies outside the video.
            return null;
        }
    }

    private bool NeedsKeyFrames => _requests.Any(request => request.Selection == FrameSelection.KeyFrames);
}
