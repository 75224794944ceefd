using VideoCaptionRetrieval.Video.Timeline;

namespace VideoCaptionRetrieval.Video.Decoding;

/// <summary>A part of a video that is decoded in one go.</summary>
/// <param name="From">A timestamp: decoding starts at the last key frame that is not later; null = at the beginning.</param>
/// <param name="Until">Decoding ends before the first frame that has this timestamp or a later one; null = at the end.</param>
/// <param name="Wanted">The frames that leave the decoder; ascending, without overlaps.</param>
internal sealed record DecodeSegment(long? From, long? Until, IReadOnlyList<TimestampWindow> Wanted)
{
    internal bool Wants(long timestamp)
    {
        int low = 0, high = Wanted.Count;
        while (high - low > 1)
        {
            var middle = (low + high) / 2;
            if (Wanted[middle].From <= timestamp) low = middle;
            else high = middle;
        }
        return Wanted.Count > 0 && Wanted[low].Contains(timestamp);
    }
}
