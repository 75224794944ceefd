namespace VideoCaptionRetrieval.Models.Checkpoints;

/// <summary>
/// Resolves links to files: download caches fill folders with them, a link has another length than its file, and ONNX Runtime refuses weights
/// that a link leads out of their folder.
/// </summary>
internal static class LinkTarget
{
    /// <summary>Returns the absolute path of a file, or of the one that it links to.</summary>
    internal static string Resolve(string file) => File.ResolveLinkTarget(file, returnFinalTarget: true)?.FullName ?? Path.GetFullPath(file);

    /// <summary>Returns the size in bytes of a file, or of the one that it links to.</summary>
    internal static long Length(string file) => new FileInfo(Resolve(file)).Length;

    /// <summary>Returns the innermost folder that contains all files.</summary>
    /// <exception cref="ModelFileException">There is none: the files lie on different drives.</exception>
    internal static string CommonFolder(IEnumerable<string> files)
    {
        string? common = null;
        foreach (var folder in files.Select(file => Path.GetDirectoryName(Resolve(file))!).Distinct(StringComparer.Ordinal))
        {
            common ??= folder;
            while (!IsBelow(folder, common))
            {
                common = Path.GetDirectoryName(common)
                    ?? throw new ModelFileException(folder, "the weights' files lie on different drives; put them into one folder.");
            }
        }
        return common ?? Path.GetFullPath(".");
    }

    private static bool IsBelow(string folder, string ancestor) =>
        folder == ancestor || folder.StartsWith(Path.TrimEndingDirectorySeparator(ancestor) + Path.DirectorySeparatorChar, StringComparison.Ordinal);
}
