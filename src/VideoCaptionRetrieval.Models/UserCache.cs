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
}
