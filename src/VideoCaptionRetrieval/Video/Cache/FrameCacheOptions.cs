
namespace VideoCaptionRetrieval;

/// <summary>Where prepared frames are kept, so that no frame is decoded twice. Several processes may share one folder.</summary>
public sealed class FrameCacheOptions
{
    /// <summary>The folder; made where it does not exist.</summary>
    public string Folder { get; set; } = "";

    /// <summary>The most bytes that the folder holds; beyond it, the videos go whose frames were not used for longest.</summary>
    /// <value>The default is 10 GiB, some 70,000 frames of 224 pixels.</value>
    public long MaximumBytes { get; set; } = DefaultMaximumBytes;

    internal const long DefaultMaximumBytes = 10L << 30;

    /// <summary>Every fault of the options.</summary>
    internal IEnumerable<string> Faults()
    {
        if (string.IsNullOrWhiteSpace(Folder)) yield return $"the frame cache's {nameof(Folder)} is empty";
        if (MaximumBytes < 1) yield return $"the frame cache's {nameof(MaximumBytes)} is '{MaximumBytes}', expected at least 1";
    }
}
