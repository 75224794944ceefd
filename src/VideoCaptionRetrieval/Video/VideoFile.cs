namespace VideoCaptionRetrieval.Video;

/// <summary>A regular file with content, and what changes when its content does.</summary>
/// <param name="Path">The path as the caller gave it, for errors.</param>
/// <param name="FullPath">The absolute path.</param>
/// <param name="Length">Bytes.</param>
/// <param name="Changed">When it was last written.</param>
internal sealed record VideoFile(string Path, string FullPath, long Length, DateTime Changed);
