using System.Globalization;

namespace VideoCaptionRetrieval.Models.Hub;

/// <summary>Formats sizes in powers of 1000, as the hub's pages show them.</summary>
public static class ByteSize
{
    /// <summary>"1.71 GB", "599 MB", "12 kB", "7 B".</summary>
    public static string Text(long bytes) => bytes switch
    {
        >= 1_000_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:0.##} GB"),
        >= 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0} MB"),
        >= 1_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e3:0} kB"),
        _ => $"{bytes} B",
    };
}
