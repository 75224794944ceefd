namespace VideoCaptionRetrieval.Video;

/// <summary>A regular file with content, and what changes when its content does.</summary>
/// <param name="Path">The path as the caller gave it, for errors.</param>
/// <param name="FullPath">The absolute path.</param>
/// <param name="Length">Length in bytes.</param>
/// <param name="Changed">Time of the last write.</param>
internal sealed record VideoFile(string Path, string FullPath, long Length, DateTime Changed)
{
    /// <summary>Opens a file, and refuses what is no regular file before any program is started on it: a pipe could be read for ever.</summary>
    /// <exception cref="VideoReadException">There is no regular file with content at <paramref name="path"/>.</exception>
    internal static VideoFile Open(string path)
    {
        try
        {
            if (Directory.Exists(path)) throw new VideoReadException(path, "is a folder; expected a video file");
            var info = new FileInfo(path);
            if (!info.Exists) throw new VideoReadException(path, Missing(path));
            // Length is that of a link itself where the link leads to a pipe.
            var target = info.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? info;
            if (target.Length == 0)
                throw new VideoReadException(path, "is empty, or a pipe or device; expected a regular file with content");
            using var readable = File.OpenRead(info.FullName);
            return new(path, info.FullName, target.Length, target.LastWriteTimeUtc);
        }
        catch (ArgumentException e)
        {
            throw new VideoReadException(path, "cannot be opened: its name is empty, or holds a character that no name of a file has", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new VideoReadException(path, $"cannot be opened: {e.Message}", e);
        }
    }

    /// <summary>A name that was not UTF-8 has lost bytes on its way here, and names no file.</summary>
    private static string Missing(string path) => path.Contains('\uFFFD', StringComparison.Ordinal)
        ? "the file does not exist; its name may not be UTF-8: rename it"
        : System.IO.Path.IsPathRooted(path) ? "the file does not exist"
        : $"the file does not exist (working directory '{Directory.GetCurrentDirectory()}')";
}
