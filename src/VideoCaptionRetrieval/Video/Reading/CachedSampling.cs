using VideoCaptionRetrieval.Video.Cache;
using VideoCaptionRetrieval.Video.Timeline;

namespace VideoCaptionRetrieval.Video.Reading;

/// <summary>Answers requests for frames of one video from the cache, and adds to it what had to be decoded. Not thread-safe.</summary>
internal sealed class CachedSampling
{
    private readonly CachedVideo _video;
    private readonly IReadOnlyList<FrameRequest> _requests;
    private readonly PreparedFrames _prepared;
    private readonly HashSet<(long, string)> _cached = [];

    /// <param name="video">What the cache holds.</param>
    /// <param name="requests">What is asked for.</param>
    /// <param name="prepared">Takes the frames.</param>
    internal CachedSampling(CachedVideo video, IReadOnlyList<FrameRequest> requests, PreparedFrames prepared)
    {
        (_video, _requests, _prepared) = (video, requests, prepared);
        Known = video.Notes.Where(note => note.Length > 0).Select(KnownVideo.Of)
            .Aggregate((KnownVideo?)null, (all, one) => all?.With(one) ?? one);
    }

    /// <summary>What is known of the video; null = nothing.</summary>
    internal KnownVideo? Known { get; }

    /// <summary>The whole answer; null where something is missing. What is there is taken.</summary>
    /// <exception cref="VideoReadException">The clip does not lie in the video.</exception>
    internal SampledFrames? TryRead(VideoClip clip)
    {
        if (Known is null || (Known.KeyFrames is null && NeedsKeyFrames) || Plan(clip, Known) is not { } sampling) return null;
        foreach (var (timestamp, formats) in sampling.Formats)
            foreach (var format in formats)
            {
                var form = FrameForm.Of(format);
                if (_video.TryGet(form, timestamp) is not { } frame) continue;
                _prepared.Add(timestamp, format, frame);
                _cached.Add((timestamp, form));
            }
        return _prepared.Holds(sampling) ? _prepared.Assemble(clip.Path, sampling) : null;
    }

    /// <summary>Adds the frames of a plan that were not there, and what its decode has shown.</summary>
    internal void Save(IVideoFacts facts, SamplingPlan plan)
    {
        var frames = plan.Formats
            .SelectMany(frame => frame.Value.Select(format => (Timestamp: frame.Key, Format: format, Form: FrameForm.Of(format))))
            .Where(frame => !_cached.Contains((frame.Timestamp, frame.Form)))
            .Select(frame => new CachedFrame(frame.Form, frame.Timestamp, _prepared.All[(frame.Timestamp, frame.Format)])).ToArray();
        var isKnown = Known is { Timeline.IsWhole: true } && (Known.KeyFrames is not null || !NeedsKeyFrames);
        _video.Add(isKnown ? [] : Note(facts, plan), frames);
    }

    private byte[] Note(IVideoFacts facts, SamplingPlan plan)
    {
        // Asking for key frames may mean listing all frames of a long file.
        var keys = NeedsKeyFrames ? facts.KeyFrames : null;
        return new KnownVideo(facts.StatedDuration, keys, plan.Timeline).ToBytes();
    }

    private SamplingPlan? Plan(VideoClip clip, KnownVideo known)
    {
        try
        {
            return new(SamplingTimes.Of(clip, _requests, known.Timeline, known), _requests, known.Timeline);
        }
        catch (VideoReadException) when (!known.Timeline.IsWhole)
        {
            // Only a decode can say that the clip lies outside the video.
            return null;
        }
    }

    private bool NeedsKeyFrames => _requests.Any(request => request.Selection == FrameSelection.KeyFrames);
}
