using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.Video.Timeline;

namespace VideoCaptionRetrieval.Video.Reading;

/// <summary>Resolves requests to frames of a video: those on screen at the requested times, where they are known.</summary>
internal sealed class SamplingPlan
{
    private readonly IReadOnlyList<FrameRequest> _requests;
    private readonly long?[][] _timestamps;

    /// <param name="times">The requested times.</param>
    /// <param name="requests">The requests.</param>
    /// <param name="timeline">The times of the frames.</param>
    internal SamplingPlan(RequestedTimes times, IReadOnlyList<FrameRequest> requests, FrameTimeline timeline)
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

    internal RequestedTimes Times { get; }

    /// <summary>The times of the frames.</summary>
    internal FrameTimeline Timeline { get; }

    /// <summary>The formats in which each known frame of the plan is needed.</summary>
    internal Dictionary<long, HashSet<FrameFormat>> Formats { get; } = [];

    /// <summary>Whether the frame of every requested time is known.</summary>
    internal bool IsResolved => _timestamps.All(request => request.All(timestamp => timestamp is not null));

    /// <summary>Returns the timestamps of the frames of one request, ascending; a frame on screen at several requested times repeats.</summary>
    internal IReadOnlyList<long> Timestamps(int request) => [.. _timestamps[request].Select(timestamp => timestamp!.Value)];

    /// <summary>Returns the requested times whose frames are unknown, or missing in a format in which they are needed.</summary>
    internal IReadOnlyList<double> Missing(Func<long, FrameFormat, bool> isThere) =>
        [.. Times.Requests.SelectMany((request, i) => request.Where((_, k) =>
            _timestamps[i][k] is not { } timestamp || !isThere(timestamp, _requests[i].Format)))];
}

/// <summary>The times of a video at which frames are requested.</summary>
/// <param name="Requests">For each request the seconds from the video's first frame, ascending.</param>
/// <param name="Duration">The video's length in seconds.</param>
/// <param name="PictureStart">Seconds of a player's clock when the first frame appears: 0, or later where the sound begins before.</param>
internal sealed record RequestedTimes(IReadOnlyList<IReadOnlyList<double>> Requests, double Duration, double PictureStart)
{
    /// <summary>Computes the times of requests for frames of a clip.</summary>
    /// <exception cref="VideoReadException">The clip does not lie in the video.</exception>
    internal static RequestedTimes Compute(VideoClip clip, IReadOnlyList<FrameRequest> requests, FrameTimeline timeline, IVideoMetadata metadata)
    {
        var (duration, pictureStart) = (timeline.End(metadata.StatedDuration), timeline.AfterStart(metadata.FileStart));
        var given = double.IsNaN(clip.Start) ? 0 : clip.Start;
        var start = Math.Max(given - pictureStart, 0);
        var end = double.IsNaN(clip.End) ? duration : Math.Min(clip.End - pictureStart, duration);
        // A single picture may have no duration; the whole of it is still a clip.
        var whole = start == 0 && double.IsNaN(clip.End);
        if (!(given >= 0) || !(end > start || whole)) throw Outside(clip, given, duration, pictureStart);
        var range = new SelectionRange(start, end, () => KeyFrameTimes(clip, timeline, metadata)) { Origin = given - pictureStart };
        return new([.. requests.Select(request => request.Selection.Times(range, request.Count, request.Positions))], duration, pictureStart);
    }

    private static VideoReadException Outside(VideoClip clip, double start, double duration, double pictureStart)
    {
        var named = double.IsNaN(clip.End) ? "its end" : Invariant($"{clip.End} s");
        var begins = pictureStart > 0 ? Invariant($" from {pictureStart:0.###} s on") : "";
        var unit = ClipTimes.IsFarBehind(start, pictureStart + duration) ? "; times are in seconds: are these milliseconds?" : "";
        return new(clip.Path, Invariant(
            $"the clip from {start} s to {named} does not lie in the video, which lasts {duration} s{begins}{unit}"));
    }

    private static double[] KeyFrameTimes(VideoClip clip, FrameTimeline timeline, IVideoMetadata metadata) =>
        metadata.KeyFrames is { Count: > 0 } keys
            ? [.. keys.Select(timeline.Time)]
            : throw new VideoReadException(clip.Path,
                "its container does not say which frames are key frames; select frames by time instead");
}
