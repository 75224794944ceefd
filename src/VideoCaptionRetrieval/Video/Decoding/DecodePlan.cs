using VideoCaptionRetrieval.Video.Timeline;

namespace VideoCaptionRetrieval.Video.Decoding;

/// <summary>How the wanted frames of a video are reached.</summary>
/// <param name="Strategy">The way.</param>
/// <param name="Segments">The parts to decode, ascending, at least one.</param>
internal sealed record DecodePlan(DecodeStrategy Strategy, IReadOnlyList<DecodeSegment> Segments)
{
    /// <summary>Decodes all, and passes these frames.</summary>
    internal static DecodePlan OnePass(IReadOnlyList<TimestampWindow> wanted) => new(DecodeStrategy.OnePass, [new(null, null, wanted)]);

    /// <summary>Whether a frame with this timestamp is wanted.</summary>
    internal bool Wants(long timestamp) => Segments.Any(segment => segment.Wants(timestamp));
}

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

/// <summary>How the wanted frames of a video are reached. All give the same frames.</summary>
internal enum DecodeStrategy
{
    /// <summary>The whole video is decoded once.</summary>
    OnePass,

    /// <summary>From the key frame before each frame, or group of frames, on.</summary>
    Seek,

    /// <summary>Only key frames are decoded: where no other is wanted.</summary>
    KeyFrames,
}
