namespace VideoCaptionRetrieval.Models.Checkpoints;

/// <summary>
/// Files behind links: download caches fill folders with them, a link's length is its own, and ONNX Runtime refuses weights that a link
/// leads out of the folder.
/// </summary>
internal static class LinkTarget
{
    /// <summary>The absolute path of a file, or of the one that it links to.</summary>
    internal static string Resolve(string file) => File.ResolveLinkTarget(file, returnFinalTarget: true)?.FullName ?? Path.GetFullPath(file);

    /// <summary>Bytes of a file, or of the one that it links to.</summary>
    internal static long Length(string file) => new FileInfo(Resolve(file)).Length;

    /// <summary>The innermost folder that holds all of the files.</summary>
    /// <exception cref="ModelFileException">There is none: they lie on different drives.</exception>
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
