using System.Globalization;

namespace VideoCaptionRetrieval.Data;

/// <summary>
/// The videos of a table in which several rows may be about one video: rows of one name, apart from './' and repeated '/', are one video.
/// Not thread-safe.
/// </summary>
public sealed class VideoClipSet
{
    private readonly Dictionary<string, VideoClip> _clips = new(StringComparer.Ordinal);

    /// <summary>Adds the clip of a row.</summary>
    /// <returns>The clip of the first row of that name; the same instance where this is the first.</returns>
    /// <exception cref="InvalidDataException">The first row of that name is about another file, or another part of it; the message names both.</exception>
    public VideoClip Add(VideoClip clip)
    {
        ArgumentNullException.ThrowIfNull(clip);
        var name = VideoListing.Normalise(clip.VideoId);
        if (_clips.TryAdd(name, clip)) return clip;
        var first = _clips[name];
        return IsSame(first, clip)
            ? first
            : throw new InvalidDataException($"Rows of the video '{clip.VideoId}' name {Describe(first)} and {Describe(clip)}; rows of one name are one "
                + "video. Give every video a name of its own, and every part of one too, such as path#start-end.");
    }

    private static bool IsSame(VideoClip first, VideoClip other) =>
        first.Start.Equals(other.Start) && first.End.Equals(other.End) && FullPath(first.Path) == FullPath(other.Path);

    private static string FullPath(string path) => path.Length == 0 ? path : Path.GetFullPath(path);

    private static string Describe(VideoClip clip) => double.IsNaN(clip.Start) && double.IsNaN(clip.End)
        ? $"'{clip.Path}'"
        : string.Create(CultureInfo.InvariantCulture, $"'{clip.Path}' from {Bound(clip.Start, "its start")} to {Bound(clip.End, "its end")}");

    private static string Bound(double seconds, string otherwise) =>
        double.IsNaN(seconds) ? otherwise : string.Create(CultureInfo.InvariantCulture, $"{seconds} s");
}
