
namespace VideoCaptionRetrieval.Video.Cache;

/// <summary>A frame in the cache.</summary>
/// <param name="Form">What was made of the decoded picture; see <see cref="FrameForm"/>.</param>
/// <param name="Timestamp">The frame's presentation timestamp in ticks.</param>
/// <param name="Frame">The picture.</param>
internal sealed record CachedFrame(string Form, long Timestamp, PreparedFrame Frame);
