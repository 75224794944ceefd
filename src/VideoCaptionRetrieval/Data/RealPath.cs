namespace VideoCaptionRetrieval.Data;

/// <summary>Tells whether two paths lead to one file: they may be relative, have './' in them, or go through links.</summary>
public static class RealPath
{
    /// <summary>More links than this one after the other are a circle.</summary>
    private const int MaxLinks = 40;

    /// <summary>Returns the absolute path without links. What is not there keeps its name.</summary>
    public static string Of(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var full = Path.GetFullPath(path);
        for (var links = 0; links < MaxLinks && WithoutFirstLink(full) is { } next; links++) full = next;
        return full;
    }

    /// <summary>Whether a folder is another one, or one above it; both are paths without links.</summary>
    internal static bool Holds(string folder, string other) => folder == other
        || other.StartsWith(Path.TrimEndingDirectorySeparator(folder) + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    private static string? WithoutFirstLink(string full)
    {
        for (var end = Path.GetPathRoot(full)!.Length; end < full.Length;)
        {
            var next = full.IndexOf(Path.DirectorySeparatorChar, end + 1);
            end = next < 0 ? full.Length : next;
            var part = full[..end];
            if (Target(part) is { } target) return Path.GetFullPath(Path.Combine(Path.GetDirectoryName(part)!, target) + full[end..]);
        }
        return null;
    }

    private static string? Target(string path)
    {
        try
        {
            return new FileInfo(path).LinkTarget;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
