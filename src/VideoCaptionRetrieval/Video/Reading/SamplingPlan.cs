using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.Video.Timeline;

namespace VideoCaptionRetrieval.Video.Reading;

/// <summary>Which frames of a video answer requests: those on screen at the times asked for, as far as they are known.</summary>
internal sealed class SamplingPlan
{
    private readonly IReadOnlyList<FrameRequest> _requests;
    private readonly long?[][] _timestamps;

    /// <param name="times">The times.</param>
    /// <param name="requests">What is asked for then.</param>
    /// <param name="timeline">When frames are on screen.</param>
    internal SamplingPlan(SamplingTimes times, IReadOnlyList<FrameRequest> requests, FrameTimeline timeline)
    {
        (Times, Timeline, _requests) = (times, timeline, requests);
        _timestamps = [.. times.Requests.Select(request => request.Select(timeline.OnScreen).ToArray())];
        for (var i = 0; i < requests.Count; i++)
            foreach (var timestamp in _timestamps[i].OfType<long>())
            {
                if (!Formats.TryGetValue(timestamp, out var formats)) Formats.Add(timestamp, formats = []);
                formats.Add(requests[i].Format);
            }
    }

    /// <summary>The moments.</summary>
    internal SamplingTimes Times { get; }

    /// <summary>When frames are on screen.</summary>
    internal FrameTimeline Timeline { get; }

    /// <summary>The formats that each known frame of the plan is needed in.</summary>
    internal Dictionary<long, HashSet<FrameFormat>> Formats { get; } = [];

    /// <summary>Whether it is known which frame answers for every moment.</summary>
    internal bool IsResolved => _timestamps.All(request => request.All(timestamp => timestamp is not null));

    /// <summary>Timestamps of the frames of one request, in time order, repeated where a frame answers for several moments.</summary>
    internal IReadOnlyList<long> Timestamps(int request) => [.. _timestamps[request].Select(timestamp => timestamp!.Value)];

    /// <summary>The moments whose frames are not known, or not there in a format in which they are needed.</summary>
    internal IReadOnlyList<double> Missing(Func<long, FrameFormat, bool> isThere) =>
        [.. Times.Requests.SelectMany((request, i) => request.Where((_, k) =>
            _timestamps[i][k] is not { } timestamp || !isThere(timestamp, _requests[i].Format)))];
}

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
