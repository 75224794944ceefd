using VideoCaptionRetrieval.Video.Timeline;

namespace VideoCaptionRetrieval.Video.Reading;

/// <summary>The moments of a video at which frames are wanted.</summary>
/// <param name="Requests">For each request the seconds from the video's first frame, ascending.</param>
/// <param name="Duration">The video's length in seconds.</param>
internal sealed record SamplingTimes(IReadOnlyList<IReadOnlyList<double>> Requests, double Duration)
{
    /// <exception cref="VideoReadException">The clip does not lie in the video.</exception>
    internal static SamplingTimes Of(VideoClip clip, IReadOnlyList<FrameRequest> requests, FrameTimeline timeline, IVideoFacts facts)
    {
        var duration = timeline.End(facts.StatedDuration);
        var start = double.IsNaN(clip.Start) ? 0 : clip.Start;
        var end = double.IsNaN(clip.End) ? duration : Math.Min(clip.End, duration);
        // A single picture may have no duration; the whole of it is still a clip.
        var whole = start == 0 && double.IsNaN(clip.End);
        if (!(start >= 0) || !(end > start || whole))
        {
            var named = double.IsNaN(clip.End) ? "its end" : $"{clip.End} s";
            throw new VideoReadException(clip.Path,
                $"the clip from {start} s to {named} does not lie in the video, which lasts {duration} s");
        }
        var range = new SelectionRange(start, end, () => KeyFrameTimes(clip, timeline, facts));
        return new([.. requests.Select(request => request.Selection.Times(range, request.Count, request.Positions))], duration);
    }

    private static double[] KeyFrameTimes(VideoClip clip, FrameTimeline timeline, IVideoFacts facts) =>
        facts.KeyFrames is { Count: > 0 } keys
            ? [.. keys.Select(timeline.Time)]
            : throw new VideoReadException(clip.Path,
                "its container does not say which frames are key frames; select frames by time instead");
}
