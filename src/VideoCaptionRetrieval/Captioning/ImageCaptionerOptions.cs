namespace VideoCaptionRetrieval;

/// <summary>Options of <see cref="ImageCaptioner"/>.</summary>
public sealed class ImageCaptionerOptions
{
    /// <summary>The column to add.</summary>
    /// <value>The default value is "Captions".</value>
    public string OutputColumnName { get; set; } = DefaultOutputColumnName;

    /// <summary>The captioners, at least one, with different names.</summary>
    public IReadOnlyList<Captioner> Captioners { get; set; } = [];

    /// <summary>
    /// A folder in which finished captions are kept: they are appended as they are made, and found again by a later run over the same
    /// videos with the same captioners. Several runs may use one folder at once.
    /// </summary>
    /// <value>The default value is null: captions are not kept.</value>
    public string? StorePath { get; set; }

    /// <summary>About how many images one call of a captioner takes; it takes at least one video's frames.</summary>
    /// <value>The default value is 16.</value>
    public int ImagesPerBatch { get; set; } = DefaultImagesPerBatch;

    /// <summary>Is told how far the work is, on the thread that does it. Not saved with a model.</summary>
    public IProgress<CaptioningProgress>? Progress { get; set; }

    /// <summary>Ends the work; finished captions are in the store by then. Not saved with a model.</summary>
    public CancellationToken CancellationToken { get; set; }

    internal const string DefaultOutputColumnName = "Captions";
    internal const int DefaultImagesPerBatch = 16;

    internal ImageCaptionerOptions Copy()
    {
        var copy = (ImageCaptionerOptions)MemberwiseClone();
        copy.Captioners = [.. Captioners];
        return copy;
    }

    /// <summary>Checks all options at once.</summary>
    /// <exception cref="ArgumentException">Some are wrong; the message lists every one.</exception>
    internal void Validate()
    {
        var failures = new List<string>();
        if (string.IsNullOrEmpty(OutputColumnName)) failures.Add($"{nameof(OutputColumnName)} is empty");
        if (Captioners is not { Count: > 0 })
            failures.Add("there is no captioner; give at least one, such as Captioner.Blip(\"models/blip\", \"Frames\")");
        else
            foreach (var twice in Captioners.GroupBy(captioner => captioner.Name).Where(group => group.Count() > 1))
                failures.Add($"two captioners are named '{twice.Key}'; give one of them another name");
        if (StorePath is { Length: 0 }) failures.Add($"{nameof(StorePath)} is empty; null means no store");
        if (ImagesPerBatch < 1) failures.Add($"{nameof(ImagesPerBatch)} is '{ImagesPerBatch}', expected at least 1");
        if (failures.Count > 0) throw new ArgumentException($"The captioner's options are not valid: {string.Join("; ", failures)}.");
    }
}

/// <summary>How far an <see cref="ImageCaptioner"/> is, all its cursors together.</summary>
/// <param name="Videos">Videos done, those that could not be read included.</param>
/// <param name="Captions">Captions written by captioners.</param>
/// <param name="Reused">Captions found in the store.</param>
public sealed record CaptioningProgress(long Videos, long Captions, long Reused);
