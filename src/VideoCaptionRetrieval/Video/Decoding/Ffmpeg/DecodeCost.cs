
namespace VideoCaptionRetrieval.Video.Decoding.Ffmpeg;

/// <summary>
/// What it costs to reach frames, in decoded frames: enough to compare ways, not to foretell seconds.
/// </summary>
/// <param name="probe">The video; its packets must be known.</param>
internal sealed class DecodeCost(VideoProbe probe)
{
    /// <summary>
    /// To open a file once more in a running ffmpeg takes so many seconds, and as long as so many frames: ffmpeg decodes some to learn
    /// what is in the file, and some more before its decoder gives the first (measured with H.264).
    /// </summary>
    private const double OpenSeconds = 0.006, OpenFrames = 9;

    /// <summary>Seconds to decode a frame: this much, and so much for each pixel (H.264 at 240, 720 and 1080 lines on one core).</summary>
    private const double FrameSeconds = 0.0001, PixelSeconds = 1.75e-9;

    /// <summary>Reading a frame without decoding it.</summary>
    private const double Skipped = 0.02;

    private readonly PacketList _packets = probe.Packets!;

    /// <summary>One more seek.</summary>
    internal double Open { get; } = OpenFrames + (OpenSeconds / (FrameSeconds + (PixelSeconds * probe.Pixels)));

    /// <summary>All frames.</summary>
    internal double OnePass => FramesBefore(_packets.Timeline.Stretches[^1].Timestamps[^1]) + 1;

    /// <summary>All key frames up to one of them.</summary>
    internal double KeyFramesUntil(long timestamp) => _packets.Keys.Count(key => key <= timestamp) + (Skipped * FramesBefore(timestamp));

    /// <summary>Frames before a timestamp, counted from the first.</summary>
    internal double FramesBefore(long timestamp) => FramesBetween(_packets.Timeline.First, timestamp);

    /// <summary>Frames from one timestamp to a later one.</summary>
    internal double FramesBetween(long from, long to)
    {
        if (!_packets.IsComplete) return (double)(to - from) / _packets.Gap;
        return IndexAtOrAfter(to) - IndexAtOrAfter(from);
    }

    /// <summary>A seek: opening, and decoding from the key frame before the timestamp to it.</summary>
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
