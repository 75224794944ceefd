
namespace VideoCaptionRetrieval.Video.Decoding.Ffmpeg;

/// <summary>What a container says of one frame.</summary>
/// <param name="Timestamp">Presentation timestamp in ticks.</param>
/// <param name="Duration">Ticks on screen; 0 where that is not stated.</param>
/// <param name="IsKey">Whether the frame can be decoded without others.</param>
internal readonly record struct VideoPacket(long Timestamp, long Duration, bool IsKey);
