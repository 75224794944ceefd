using VideoCaptionRetrieval.Video.Timeline;

namespace VideoCaptionRetrieval.Video.Decoding.Ffmpeg;

/// <summary>
/// Checks that a decode from the middle of a video gave what one from its beginning would have given: some files give wrong pictures, or wrong
/// times, after a seek without any error.
/// </summary>
/// <param name="probe">What the container says.</param>
/// <param name="plan">The segments.</param>
internal sealed class SegmentCheck(VideoProbe probe, DecodePlan plan)
{
    private readonly PacketList _packets = probe.Packets!;

    /// <summary>Returns the times of the frames; null where they are in doubt.</summary>
    /// <param name="runs">The runs that decoded the segments, in order.</param>
    internal FrameTimeline? Timeline(IReadOnlyList<DecodeRun> runs)
    {
        var logs = runs.SelectMany(run => run.Log.Segments).ToList();
        if (runs.Any(run => run.Log.SpokeOfDamage) || !logs.TrueForAll(IsSound)) return null;
        if (logs[0].Timestamps[0] != _packets.Timeline.First) return null;
        // Where key frames alone were decoded, the others are as the container says.
        if (plan.Strategy == DecodeStrategy.KeyFrames) return _packets.Timeline;
        var intervals = logs.Select(log => new KnownInterval(log.Timestamps, log.Segment.Until ?? TimeBase.FarAway));
        return new(intervals, _packets.Timeline.TimeBase, _packets.Timeline.DecodedEnd);
    }

    private bool IsSound(SegmentLog log)
    {
        if (log.Timestamps.Count == 0 || log.Setups != 1 || log.TimeBase != _packets.Timeline.TimeBase) return false;
        if (log.Timestamps.Zip(log.Timestamps.Skip(1)).Any(pair => pair.First >= pair.Second)) return false;
        // Decoding must have begun at the first wanted frame or before it.
        if (log.Segment.Wanted is [var first, ..] && log.Timestamps[0] > first.To) return false;
        return !_packets.IsComplete || log.Timestamps.SequenceEqual(Expected(log));
    }

    private IEnumerable<long> Expected(SegmentLog log)
    {
        var listed = plan.Strategy == DecodeStrategy.KeyFrames ? _packets.Keys : _packets.Timeline.Intervals[0].Timestamps;
        return listed.Where(timestamp => timestamp >= log.Timestamps[0] && (log.Segment.Until is not { } until || timestamp < until));
    }
}

/// <summary>The log of one run of ffmpeg.</summary>
/// <param name="Log">The frames.</param>
/// <param name="Errors">The last errors; empty where there were none.</param>
internal sealed record DecodeRun(DecodeLog Log, string Errors);
