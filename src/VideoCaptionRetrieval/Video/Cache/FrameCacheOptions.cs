namespace VideoCaptionRetrieval;

/// <summary>Options of the cache of prepared frames, so that no frame is decoded twice. Several processes may share one folder.</summary>
public sealed class FrameCacheOptions
{
    /// <summary>The folder; it is created where it does not exist.</summary>
    public string Folder { get; set; } = "";

    /// <summary>Maximum size of the folder in bytes; beyond it, the frames of the least recently used videos are removed.</summary>
    /// <value>The default is 10 GiB, some 70,000 frames of 224 pixels.</value>
    public long MaximumBytes { get; set; } = DefaultMaximumBytes;

    /// <summary>Default of <see cref="MaximumBytes"/>.</summary>
    public const long DefaultMaximumBytes = 10L << 30;

    /// <summary>Lists the faults of the options.</summary>
    internal IEnumerable<string> Faults()
    {
        if (string.IsNullOrWhiteSpace(Folder)) yield return $"the frame cache's {nameof(Folder)} is empty";
        if (MaximumBytes < 1) yield return $"the frame cache's {nameof(MaximumBytes)} is '{MaximumBytes}', expected at least 1";
    }
}
