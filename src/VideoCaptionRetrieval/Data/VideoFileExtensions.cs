namespace VideoCaptionRetrieval.Data;

/// <summary>The file name endings by which a folder's videos are found.</summary>
internal static class VideoFileExtensions
{
    private static readonly string[] All =
        [".mp4", ".m4v", ".mov", ".mkv", ".webm", ".avi", ".flv", ".wmv", ".mpg", ".mpeg", ".ts", ".3gp", ".ogv", ".gif", ".webp"];

    /// <summary>The endings, for messages.</summary>
    internal static string Listing { get; } = string.Join(' ', All.Select(extension => extension[1..]));

    internal static bool Match(string path) => All.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);
}
