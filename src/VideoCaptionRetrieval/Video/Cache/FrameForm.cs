using VideoCaptionRetrieval.Models;

namespace VideoCaptionRetrieval.Video.Cache;

/// <summary>The name in the cache of a way to make a frame of a decoded picture.</summary>
internal static class FrameForm
{
    /// <summary>Counts changes of what decoding and preparation give: frames of another version are not found.</summary>
    private const int Version = 1;

    internal static string Of(FrameFormat format) => FormattableString.Invariant($"{Version} {format.Size} {format.Fit} {format.CropRule} {format.Filter}");
}
