namespace VideoCaptionRetrieval.Data;

/// <summary>
/// Finds the video files below a folder: the folder as given + '/' + the path below it, in ordinal order; no hidden files, nothing below
/// hidden folders. A folder that links lead to is searched once, under its own path where that lies below the given folder.
/// </summary>
internal sealed class VideoFolder
{
    /// <summary>What stands in a name for bytes that are no UTF-8: a path that holds it leads nowhere.</summary>
    private const char Undecodable = '\uFFFD';

    /// <summary>.NET's attributes of a file that it cannot find.</summary>
    private const FileAttributes NotFound = (FileAttributes)(-1);

    private readonly List<string> _files = [];
    private readonly List<SkippedVideo> _skipped = [];
    private readonly HashSet<string> _visited = new(StringComparer.Ordinal);
    private readonly List<Folder> _links = [];
    private readonly string _root;

    /// <summary>A folder that is to be searched.</summary>
    /// <param name="Path">As it is named to the user.</param>
    /// <param name="RealPath">Absolute, without links.</param>
    private sealed record Folder(string Path, string RealPath);

    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="ArgumentException">It holds no video file.</exception>
    internal VideoFolder(string folder)
    {
        if (!Directory.Exists(folder))
            throw new DirectoryNotFoundException(
                $"Folder '{folder}' does not exist (working directory '{Directory.GetCurrentDirectory()}').");
        // Without its separators at the end; nothing is left of the root of the file system.
        _root = RealPath.Of(folder);
        Search(new(folder.TrimEnd('/', Path.DirectorySeparatorChar), _root));
        // Links come last, so that a folder below the given one is found by its own path. A link may lead to further links.
        for (var i = 0; i < _links.Count; i++) Search(_links[i]);
        if (_files.Count == 0) throw new ArgumentException(Nothing(folder), nameof(folder));
        _files.Sort(StringComparer.Ordinal);
    }

    /// <summary>The paths of the files.</summary>
    internal IReadOnlyList<string> Files => _files;

    /// <summary>Folders that could not be read, and files and folders whose names are not UTF-8, in the order in which they were met.</summary>
    internal IReadOnlyList<SkippedVideo> Skipped => _skipped;

    private string Nothing(string folder)
    {
        var searched = $"Folder '{folder}' holds no video file; its files and folders, except hidden ones, were searched for "
            + $"{VideoFileExtensions.Listing}.";
        return _skipped is [var first, ..]
            ? $"{searched} Left out: '{first.VideoId}' ({first.Reason}){(_skipped.Count > 1 ? $" and {_skipped.Count - 1} more" : "")}."
            : searched;
    }

    private void Search(Folder folder)
    {
        if (!_visited.Add(folder.RealPath)) return;
        try
        {
            foreach (var entry in new DirectoryInfo(folder.RealPath).EnumerateFileSystemInfos().OrderBy(entry => entry.Name, StringComparer.Ordinal))
                Take(entry, $"{folder.Path}/{entry.Name}", folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _skipped.Add(new(folder.Path, $"the folder cannot be read: {e.Message}"));
        }
    }

    private void Take(FileSystemInfo entry, string path, Folder parent)
    {
        if (entry.Name.StartsWith('.')) return;
        var isFolder = entry is DirectoryInfo;
        if (!isFolder && !VideoFileExtensions.Match(path)) return;
        if (entry.Attributes == NotFound && entry.Name.Contains(Undecodable, StringComparison.Ordinal))
            _skipped.Add(new(path, "its name is not UTF-8; rename it"));
        else if (entry.Attributes != NotFound && entry.Attributes.HasFlag(FileAttributes.Hidden)) return;
        else if (!isFolder) _files.Add(path);
        else if (entry.LinkTarget is null) Search(new(path, entry.FullName));
        else TakeLink(entry, path, parent);
    }

    private void TakeLink(FileSystemInfo link, string path, Folder parent)
    {
        var target = RealPath.Of(link.FullName);
        // A link to a folder above is a loop, and would leave the given folder.
        if (!RealPath.Holds(target, _root) && !RealPath.Holds(target, parent.RealPath)) _links.Add(new(path, target));
    }
}
