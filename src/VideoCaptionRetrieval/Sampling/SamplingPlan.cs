using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.Models.Imaging;

namespace VideoCaptionRetrieval.Sampling;

/// <summary>Which frames of a video answer the requests for a clip of it.</summary>
internal sealed class SamplingPlan
{
    private readonly long[][] _timestamps;

    private SamplingPlan(long[][] timestamps, IReadOnlyList<FrameRequest> requests, double duration)
    {
        (_timestamps, Duration) = (timestamps, duration);
        for (var i = 0; i < requests.Count; i++)
            foreach (var timestamp in timestamps[i])
            {
                if (!Formats.TryGetValue(timestamp, out var formats)) Formats.Add(timestamp, formats = []);
                formats.Add(requests[i].Format);
            }
    }

    /// <summary>The video's length in seconds.</summary>
    internal double Duration { get; }

    /// <summary>The formats that each frame of the plan is needed in.</summary>
    internal Dictionary<long, HashSet<FrameFormat>> Formats { get; } = [];

    /// <summary>Timestamps of the frames of one request, in time order, repeated where a frame answers for several segments.</summary>
    internal IReadOnlyList<long> Timestamps(int request) => _timestamps[request];

    /// <exception cref="VideoReadException">The clip does not lie in the video.</exception>
    internal static SamplingPlan Make(VideoClip clip, IReadOnlyList<FrameRequest> requests, FrameTimeline timeline, double? statedDuration)
    {
        var duration = timeline.End(statedDuration);
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
        var timestamps = requests.Select(request =>
            (request.Times ?? SegmentPlan.Times(start, end, request.Count, request.Positions)).Select(timeline.OnScreen).ToArray())
            .ToArray();
        return new(timestamps, requests, duration);
    }
}
