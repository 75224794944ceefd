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
