using VideoCaptionRetrieval.Video.Timeline;

namespace VideoCaptionRetrieval.Video.Decoding.Ffmpeg;

/// <summary>
/// What a container states of the frames of its video stream without decoding them: of all frames, or of those at its beginning and its end.
/// Immutable.
/// </summary>
internal sealed class PacketList
{
    /// <summary>Maximum distance of a frame in the file from its place in presentation order, in frames, of any codec.</summary>
    private const int Reordered = 32;

    private readonly long[] _timestamps;
    private readonly long[] _gaps;                   // ascending; of an incomplete list without the gap between beginning and end

    /// <param name="packets">The frames in any order, at least one.</param>
    /// <param name="timeBase">The tick of their timestamps.</param>
    /// <param name="complete">Whether these are all.</param>
    internal PacketList(IEnumerable<VideoPacket> packets, TimeBase timeBase, bool complete)
    {
        Packets = [.. packets.DistinctBy(packet => packet.Timestamp).OrderBy(packet => packet.Timestamp)];
        _timestamps = [.. Packets.Select(packet => packet.Timestamp)];
        IsComplete = complete;
        Keys = [.. Packets.Where(packet => packet.IsKey).Select(packet => packet.Timestamp)];
        var last = Packets[^1];
        var whole = new FrameTimeline(_timestamps, timeBase, last.Duration > 0 ? last.Duration : null);
        var gaps = _timestamps.Zip(_timestamps.Skip(1), (one, next) => next - one).ToList();
        Timeline = complete || gaps.Count == 0 ? whole : Cut(whole, gaps.IndexOf(gaps.Max()) + 1);
        if (!complete && gaps.Count > 0) gaps.Remove(gaps.Max());
        _gaps = [.. gaps.Order()];
    }

    /// <summary>The frames in order of presentation.</summary>
    internal IReadOnlyList<VideoPacket> Packets { get; }

    /// <summary>Whether the list holds all frames of the stream, not its beginning and end alone.</summary>
    internal bool IsComplete { get; }

    /// <summary>Timestamps of the frames that can be decoded without others, ascending.</summary>
    internal IReadOnlyList<long> Keys { get; }

    /// <summary>When the frames of the list should be on screen.</summary>
    internal FrameTimeline Timeline { get; }

    /// <summary>The usual distance of two frames in ticks, at least 1.</summary>
    internal long Gap => _gaps.Length == 0 ? 1 : Math.Max(_gaps[_gaps.Length / 2], 1);

    /// <summary>The largest distance of two frames in ticks.</summary>
    internal long MaxGap => _gaps.Length == 0 ? 1 : Math.Max(_gaps[^1], 1);

    /// <summary>Frames from one key frame to the next, on average.</summary>
    internal double KeyDistance => Keys.Count == 0 ? double.PositiveInfinity : (double)_timestamps.Length / Keys.Count;

    /// <summary>Ticks that a frame is on screen, where that is stated.</summary>
    internal long? Duration(long timestamp)
    {
        var at = Array.BinarySearch(_timestamps, timestamp);
        return at >= 0 && Packets[at].Duration > 0 ? Packets[at].Duration : null;
    }

    /// <summary>
    /// The timeline in two intervals: what lies between beginning and end is not known. Frames are stored out of order: near the cut
    /// some are missing, before the key frame of the end too.
    /// </summary>
    private FrameTimeline Cut(FrameTimeline whole, int tail)
    {
        var all = whole.Intervals[0].Timestamps;
        var head = all.Take(Math.Max(tail - Reordered, 1)).ToArray();
        var keyOfEnd = Packets.Skip(tail).FirstOrDefault(packet => packet.IsKey);
        var end = keyOfEnd.IsKey ? all.Skip(tail).Where(timestamp => timestamp >= keyOfEnd.Timestamp).ToArray() : [all[^1]];
        return new([new(head, head[^1] + 1), new(end, TimeBase.FarAway)], whole.TimeBase, whole.DecodedEnd);
    }
}

/// <summary>What a container states of one frame.</summary>
/// <param name="Timestamp">Presentation timestamp in ticks.</param>
/// <param name="Duration">Ticks on screen; 0 where that is not stated.</param>
/// <param name="IsKey">Whether the frame can be decoded without others.</param>
internal readonly record struct VideoPacket(long Timestamp, long Duration, bool IsKey);
