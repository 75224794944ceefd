using VideoCaptionRetrieval.Video.Timeline;

namespace VideoCaptionRetrieval.Video.Decoding;

/// <summary>Plans how the wanted frames of a video are decoded.</summary>
/// <param name="Strategy">The strategy.</param>
/// <param name="Segments">The parts to decode, ascending, at least one.</param>
internal sealed record DecodePlan(DecodeStrategy Strategy, IReadOnlyList<DecodeSegment> Segments)
{
    /// <summary>Plans to decode the whole video and keep these frames.</summary>
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

/// <summary>The strategies of decoding; all give the same frames.</summary>
internal enum DecodeStrategy
{
    /// <summary>Decodes the whole video once.</summary>
    OnePass,

    /// <summary>Decodes from the key frame before each wanted frame or group of frames.</summary>
    Seek,

    /// <summary>Decodes key frames only, where no other is wanted.</summary>
    KeyFrames,
}
