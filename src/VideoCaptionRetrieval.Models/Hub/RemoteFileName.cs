using System.Buffers;

namespace VideoCaptionRetrieval.Models.Hub;

/// <summary>Checks a server's file names, so that files are written below one folder and nowhere else.</summary>
internal static class RemoteFileName
{
    private const int MaxLength = 240;

    // Separators, drives, streams, wildcards or quotation marks of some file system.
    private static readonly SearchValues<char> _refused = SearchValues.Create(":\\*?\"<>|");

    /// <summary>Refuses names that could leave the folder or overwrite this library's own files.</summary>
    /// <exception cref="HubException">The name is refused.</exception>
    internal static void Check(string source, string name)
    {
        var parts = name.Split('/');
        var hostile = name.Length is 0 or > MaxLength || name.AsSpan().ContainsAny(_refused) || name.Any(char.IsControl)
            || parts.Any(IsHostile);
        if (hostile || name.EndsWith(PartSuffix, StringComparison.OrdinalIgnoreCase)
            || name.Equals(DownloadRecord.FileName, StringComparison.OrdinalIgnoreCase))
            throw new HubException($"'{source}' lists a file named '{Printable(name)}', which is refused: "
                + "expected a relative path below the checkpoint's folder. Nothing was written; use another repository or mirror.");
    }

    /// <summary>Suffix of files that are not complete.</summary>
    internal const string PartSuffix = ".part";

    private static bool IsHostile(string part) =>
        part.Length == 0 || part[0] == ' ' || part[^1] is '.' or ' ' || part.Equals(".git", StringComparison.OrdinalIgnoreCase);

    private static string Printable(string name) =>
        string.Concat(name.Take(MaxLength).Select(letter => char.IsControl(letter) ? $"\\x{(int)letter:x2}" : $"{letter}"));
}
