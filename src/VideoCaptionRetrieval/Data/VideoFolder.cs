namespace VideoCaptionRetrieval.Data;

/// <summary>Finds the video files below a folder.</summary>
internal static class VideoFolder
{
    /// <summary>
    /// Paths of the video files: the folder as given + '/' + the path below it, in ordinal order; no hidden files, nothing below
    /// hidden folders.
    /// </summary>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="ArgumentException">It holds no video file.</exception>
    internal static List<string> Find(string folder)
    {
        if (!Directory.Exists(folder))
            throw new DirectoryNotFoundException(
                $"Folder '{folder}' does not exist (working directory '{Directory.GetCurrentDirectory()}').");
        var files = new List<string>();
        // Without its separators at the end; nothing is left of the root of the file system.
        Collect(new DirectoryInfo(folder), folder.TrimEnd('/', Path.DirectorySeparatorChar), [], files);
        if (files.Count == 0)
        {
            throw new ArgumentException(
                $"Folder '{folder}' holds no video file; its files and folders, except hidden ones, were searched for " +
                $"{VideoFileExtensions.Listing}.", nameof(folder));
        }
        files.Sort(StringComparer.Ordinal);
        return files;
    }

    private static void Collect(DirectoryInfo folder, string prefix, IReadOnlyList<string> ancestors, List<string> files)
    {
        var real = folder.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? folder.FullName;
        if (ancestors.Contains(real)) return;                               // a link to a folder above: a loop
        foreach (var entry in folder.EnumerateFileSystemInfos())
        {
            if (entry.Name.StartsWith('.') || entry.Attributes.HasFlag(FileAttributes.Hidden)) continue;
            var path = $"{prefix}/{entry.Name}";
            if (entry is DirectoryInfo below) Collect(below, path, [.. ancestors, real], files);
            else if (VideoFileExtensions.Match(path)) files.Add(path);
        }
    }
}
