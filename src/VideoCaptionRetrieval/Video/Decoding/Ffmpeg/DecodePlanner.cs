using VideoCaptionRetrieval.Video.Timeline;

namespace VideoCaptionRetrieval.Video.Decoding.Ffmpeg;

/// <summary>Chooses the cheapest strategy to decode the frames that are on screen at given times.</summary>
/// <param name="probe">The video.</param>
/// <param name="only">The only strategy to choose, where it is possible; null = the cheapest.</param>
internal sealed class DecodePlanner(VideoProbe probe, DecodeStrategy? only = null)
{
    /// <summary>Seeking must be estimated at 0.8 of one pass or less, since its cost is less certain.</summary>
    private const double SeekMargin = 0.8;

    /// <summary>Containers with an index of key frames and presentation times.</summary>
    private static readonly string[] _indexed = ["mov", "mp4", "matroska", "webm"];

    /// <summary>Codecs whose frames are the same whether their decoder started at a key frame or before it.</summary>
    private static readonly string[] _startable = ["h264", "hevc", "vp8", "vp9", "av1", "mpeg4", "mjpeg"];

    /// <summary>Those of them whose decoder can skip all frames but key frames.</summary>
    private static readonly string[] _skipping = ["h264", "hevc", "vp8", "mpeg4"];

    /// <summary>
    /// H.264 in 4:4:4: ffmpeg's decoder has to know the encoder, which only the first packet names.
    /// </summary>
    private const string NeedsItsFirstPacket = "High 4:4:4";

    /// <summary>Whether decoding may start in the middle of the file.</summary>
    private bool CanSeek => CanStart && probe.Packets!.Keys.Count > 0 && probe.Container.Split(',').Any(_indexed.Contains);

    private bool CanStart => probe is { SeeksFail: false, Packets: not null } && _startable.Contains(probe.Codec)
        && !probe.Profile.StartsWith(NeedsItsFirstPacket, StringComparison.Ordinal);

    /// <summary>Plans a decode.</summary>
    /// <param name="times">Seconds from the first frame; each requests the frame on screen then.</param>
    /// <param name="known">Times of frames that a decode has shown; null = those that the container states.</param>
    /// <returns>Null where the container states too little to pick frames.</returns>
    internal DecodePlan? Plan(IEnumerable<double> times, FrameTimeline? known = null)
    {
        if ((known ?? probe.Packets?.Timeline) is not { } timeline) return null;
        var targets = times.Distinct().Order().Select(time => Target.At(time, timeline, probe.Packets)).ToList();
        if (targets.Count == 0) return null;
        var onePass = DecodePlan.OnePass(TimestampWindow.Join(targets.Select(target => target.Window)));
        return (only is null or DecodeStrategy.KeyFrames ? KeyFrames(targets) : null)
            ?? (only is null or DecodeStrategy.Seek ? Seek(targets) : null)
            ?? onePass;
    }

    private DecodePlan? KeyFrames(List<Target> targets)
    {
        if (!CanStart || !_skipping.Contains(probe.Codec) || !probe.Packets!.IsComplete) return null;
        if (!targets.TrueForAll(target => probe.Packets.Keys.Contains(target.Window.From))) return null;
        var (cost, last) = (new DecodeCost(probe), targets[^1].Window.To);
        if (only is null && CanSeek && cost.KeyFramesUntil(last) > targets.Count * (cost.Open + 1)) return null;
        var wanted = TimestampWindow.Join(targets.Select(target => target.Window));
        return new(DecodeStrategy.KeyFrames, [new(null, last + 1, wanted)]);
    }

    private DecodePlan? Seek(List<Target> targets)
    {
        if (!CanSeek) return null;
        var cost = new DecodeCost(probe);
        var segments = new List<List<Target>>();
        var (total, fromStart) = (0.0, false);
        foreach (var target in targets)
        {
            var seek = cost.Seek(target.Latest);
            var goOn = segments is [.., [.., var last]]
                ? cost.FramesBetween(last.Latest, target.Latest)
                : cost.FramesBefore(target.Latest) + 1;
            if (segments.Count == 0)
            {
                fromStart = goOn <= seek + cost.Open;
                // The first frame is decoded in any case: times count from it.
                total += fromStart ? goOn : seek + cost.Open + 1;
            }
            else total += Math.Min(seek, goOn);
            if (segments.Count > 0 && goOn <= seek) segments[^1].Add(target);
            else segments.Add([target]);
        }
        if (only is null && total > SeekMargin * cost.OnePass) return null;
        var first = probe.Packets!.Timeline.First;
        return new(DecodeStrategy.Seek,
        [
            .. fromStart ? [] : new[] { new DecodeSegment(null, first + 1, []) },
            .. segments.Select((group, s) => Segment(group, s == 0 && fromStart)),
        ]);
    }

    private static DecodeSegment Segment(List<Target> group, bool fromStart) => new(
        fromStart ? null : group[0].Latest,
        // One tick more than is needed, against rounding.
        group[^1].Latest + 2,
        TimestampWindow.Join(group.Select(target => target.Window)));

    /// <summary>A requested frame.</summary>
    /// <param name="Latest">The requested time: the last timestamp that the frame can have.</param>
    /// <param name="Window">Where its timestamp is expected: one timestamp where the frames are known.</param>
    private readonly record struct Target(long Latest, TimestampWindow Window)
    {
        internal static Target At(double time, FrameTimeline timeline, PacketList? packets)
        {
            var latest = Math.Max(timeline.Latest(time), timeline.First);
            return timeline.OnScreen(time) is { } timestamp
                ? new(Math.Max(latest, timestamp), new(timestamp, timestamp))
                : new(latest, new(latest - (packets?.MaxGap ?? 0), latest));
        }
    }
}

/// <summary>
/// Estimates the cost of reaching frames, in decoded frames: good enough to compare strategies, not to predict seconds.
/// </summary>
/// <param name="probe">The video; its packets must be known.</param>
internal sealed class DecodeCost(VideoProbe probe)
{
    /// <summary>
    /// The cost of opening a file once more in a running ffmpeg: 6 ms, and 9 decoded frames, since ffmpeg decodes some to learn what is in the
    /// file, and some more before its decoder returns the first (measured with H.264).
    /// </summary>
    private const double OpenSeconds = 0.006, OpenFrames = 9;

    /// <summary>Seconds to decode a frame: a constant, and a share for each pixel (H.264 at 240, 720 and 1080 lines on one core).</summary>
    private const double FrameSeconds = 0.0001, PixelSeconds = 1.75e-9;

    /// <summary>The cost of reading a frame without decoding it.</summary>
    private const double Skipped = 0.02;

    private readonly PacketList _packets = probe.Packets!;

    /// <summary>The cost of opening the file once more.</summary>
    internal double Open { get; } = OpenFrames + (OpenSeconds / (FrameSeconds + (PixelSeconds * probe.Pixels)));

    /// <summary>The cost of decoding all frames.</summary>
    internal double OnePass => FramesBefore(_packets.Timeline.Intervals[^1].Timestamps[^1]) + 1;

    /// <summary>Computes the cost of decoding all key frames up to one of them.</summary>
    internal double KeyFramesUntil(long timestamp) => _packets.Keys.Count(key => key <= timestamp) + (Skipped * FramesBefore(timestamp));

    /// <summary>Estimates the number of frames before a timestamp.</summary>
    internal double FramesBefore(long timestamp) => FramesBetween(_packets.Timeline.First, timestamp);

    /// <summary>Estimates the number of frames from one timestamp to a later one.</summary>
    internal double FramesBetween(long from, long to)
    {
        if (!_packets.IsComplete) return (double)(to - from) / _packets.Gap;
        return IndexAtOrAfter(to) - IndexAtOrAfter(from);
    }

    /// <summary>Estimates the cost of a seek: opening, and decoding from the key frame before the timestamp.</summary>
    internal double Seek(long timestamp)
    {
        // Where key frames are not listed, the timestamp lies half their distance behind one, on average.
        if (!_packets.IsComplete) return Open + (_packets.KeyDistance / 2) + 1;
        var before = _packets.Keys.Where(key => key <= timestamp).DefaultIfEmpty(_packets.Timeline.First).Last();
        return Open + FramesBetween(before, timestamp) + 1;
    }

    private int IndexAtOrAfter(long timestamp)
    {
        int low = 0, high = _packets.Packets.Count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_packets.Packets[middle].Timestamp < timestamp) low = middle + 1;
            else high = middle;
        }
        return low;
    }
}
