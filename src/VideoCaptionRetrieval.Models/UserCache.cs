namespace VideoCaptionRetrieval.Models;

/// <summary>The private per-user cache of this library.</summary>
public static class UserCache
{
    /// <summary>Path from VCR_CACHE where it is set, else the platform's cache folder of the user ($XDG_CACHE_HOME or ~/.cache on Linux).</summary>
    public static string Folder
    {
        get
        {
            if (Environment.GetEnvironmentVariable("VCR_CACHE") is { Length: > 0 } named) return Path.GetFullPath(named);
            if (OperatingSystem.IsLinux())
            {
                var cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } home
                    ? home
                    : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
                return Path.Combine(cache, "video-caption-retrieval");
            }
            var local = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData);
            return Path.Combine(local, "VideoCaptionRetrieval", "Cache");
        }
    }

    /// <summary>Creates a folder of the cache that the user alone can enter, unless it exists, and sees that it can be written to.</summary>
    /// <param name="name">Its name in the cache.</param>
    /// <returns>Its path.</returns>
    /// <exception cref="IOException">It cannot be written to; the message names VCR_CACHE.</exception>
    public static string CreateFolder(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        var folder = Path.Combine(Folder, name);
        try
        {
            if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
            else Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            using var trial = new FileStream(Path.Combine(folder, $"{Guid.NewGuid():N}.tmp"), FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
            return folder;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"The cache folder '{folder}' cannot be written to: {e.Message} Set the variable VCR_CACHE to a folder that can.", e);
        }
    }
}
