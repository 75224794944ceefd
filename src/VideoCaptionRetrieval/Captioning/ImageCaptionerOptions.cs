using VideoCaptionRetrieval.Models;

namespace VideoCaptionRetrieval;

/// <summary>Options of <see cref="ImageCaptioner"/>.</summary>
public sealed class ImageCaptionerOptions
{
    /// <summary>The column of captions to add (Vector&lt;Text&gt; [I·M]).</summary>
    /// <value>The default value is "Captions".</value>
    public string OutputColumnName { get; set; } = DefaultOutputColumnName;

    /// <summary>The captioners, at least one, with different names.</summary>
    public IReadOnlyList<Captioner> Captioners { get; set; } = [];

    /// <summary>
    /// The folder of a <see cref="CaptionStore"/>: captions are appended as they are made, and a later run over the same videos with the same
    /// captioners takes them from there. Several processes may share a folder.
    /// </summary>
    /// <value>The default value is null: captions are not stored.</value>
    public string? StorePath { get; set; }

    /// <summary>Target number of frames that one call of a captioner takes; a call takes all frames of at least one video.</summary>
    /// <value>The default value is 16.</value>
    public int ImagesPerBatch { get; set; } = DefaultImagesPerBatch;

    /// <summary>Receives progress on the thread that computes. Not saved with a model.</summary>
    public IProgress<CaptioningProgress>? Progress { get; set; }

    /// <summary>Cancels the work; captions that are finished by then are in the store. Not saved with a model.</summary>
    public CancellationToken CancellationToken { get; set; }

    /// <summary>Default of <see cref="OutputColumnName"/>.</summary>
    public const string DefaultOutputColumnName = "Captions";
    internal const int DefaultImagesPerBatch = 16;

    /// <summary>Copies the options; later changes to the original have no effect on the copy.</summary>
    public ImageCaptionerOptions Copy()
    {
        var copy = (ImageCaptionerOptions)MemberwiseClone();
        copy.Captioners = [.. Captioners];
        return copy;
    }

    /// <summary>Checks all options at once.</summary>
    /// <exception cref="ArgumentException">Some are wrong; the message lists every one.</exception>
    internal void Validate()
    {
        var faults = new OptionFaults();
        faults.RequireText(OutputColumnName);
        faults.Require(Captioners is { Count: > 0 },
            $"there is no captioner; give at least one, such as Captioner.Blip(\"models/blip\", \"Frames\")");
        faults.AddRange((Captioners ?? []).GroupBy(captioner => captioner.Name).Where(same => same.Count() > 1)
            .Select(same => $"two captioners are named '{same.Key}'; give one of them another name"));
        faults.Require(StorePath is not { Length: 0 }, $"{nameof(StorePath)} is empty; null means no store");
        faults.RequireAtLeast(ImagesPerBatch, 1);
        faults.ThrowIfAny("The captioner's");
    }
}

/// <summary>Progress of an <see cref="ImageCaptioner"/>, over all its cursors.</summary>
/// <param name="Videos">Videos processed, including those that could not be read.</param>
/// <param name="Captions">Captions that captioners made.</param>
/// <param name="Reused">Captions taken from the store.</param>
public sealed record CaptioningProgress(long Videos, long Captions, long Reused);
