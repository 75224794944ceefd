using VideoCaptionRetrieval;
using VideoCaptionRetrieval.Data;
using VideoCaptionRetrieval.Interop;

namespace Microsoft.ML;

/// <summary>
/// Loads the names of videos; the files themselves are read by
/// <see cref="FrameSamplerCatalog.SampleFrames(TransformsCatalog, string, FrameColumn[])"/>.
/// </summary>
public static class VideoDataCatalog
{
    /// <summary>One row for each video file below a folder, in ordinal order of the paths.</summary>
    /// <remarks>
    /// Columns: VideoId and VideoPath (Text), both the folder as given + '/' + the path below it. Extensions, case-insensitive: mp4 m4v
    /// mov mkv webm avi flv wmv mpg mpeg ts 3gp ogv gif webp. Hidden files and folders are left out. A folder that links lead to is searched
    /// once. Folders that cannot be read, and names that are not UTF-8, are left out with a warning in MLContext.Log.
    /// </remarks>
    /// <param name="catalog">The data catalog.</param>
    /// <param name="path">The folder.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="ArgumentException">The folder holds no video file.</exception>
    public static IDataView LoadFromVideoFolder(this DataOperationsCatalog catalog, string path)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentException.ThrowIfNullOrEmpty(path);
        var skipped = new List<SkippedVideo>();
        var clips = VideoListing.ReadFolder(path, skipped);
        using var channel = catalog.GetEnvironment().Register(nameof(VideoDataCatalog)).Start(nameof(LoadFromVideoFolder));
        foreach (var one in skipped) channel.ReportWarning($"'{one.VideoId}' is left out: {one.Reason}");
        return catalog.LoadFromEnumerable(clips.Select(clip => new VideoRow(clip)).ToArray());
    }

    /// <summary>One row for each line of a list of videos, or of parts of videos.</summary>
    /// <remarks>
    /// Lines are JSON objects with "video" (a path, relative to the working directory) and optionally "start" and "end" in seconds.
    /// Columns: VideoId (Text; the path, or path#start-end with the numbers as written), VideoPath (Text), ClipStart and ClipEnd (Single,
    /// seconds, NaN where absent). A line that says the same as an earlier one is left out.
    /// </remarks>
    /// <param name="catalog">The data catalog.</param>
    /// <param name="path">The .jsonl file.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">A line is broken; the message names file, line, and what was found.</exception>
    public static IDataView LoadFromVideoList(this DataOperationsCatalog catalog, string path)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentException.ThrowIfNullOrEmpty(path);
        return catalog.LoadFromVideoClips(VideoListing.ReadList(path));
    }

    /// <summary>One row for each clip: VideoId, VideoPath, ClipStart, ClipEnd.</summary>
    public static IDataView LoadFromVideoClips(this DataOperationsCatalog catalog, IEnumerable<VideoClip> clips) =>
        catalog.LoadFromEnumerable(clips.Select(clip => new ClipRow(clip)).ToArray());

    private sealed class VideoRow(VideoClip clip)
    {
        public string VideoId { get; } = clip.VideoId;

        public string VideoPath { get; } = clip.Path;
    }

    private sealed class ClipRow(VideoClip clip)
    {
        public string VideoId { get; } = clip.VideoId;

        public string VideoPath { get; } = clip.Path;

        public float ClipStart { get; } = (float)clip.Start;

        public float ClipEnd { get; } = (float)clip.End;
    }
}
