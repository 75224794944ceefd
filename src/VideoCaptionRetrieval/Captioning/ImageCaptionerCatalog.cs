using VideoCaptionRetrieval;
using VideoCaptionRetrieval.Interop;

namespace Microsoft.ML;

/// <summary>Adds <see cref="ImageCaptioner"/> to the catalog of transforms.</summary>
public static class ImageCaptionerCatalog
{
    /// <summary>Captions the frames of videos.</summary>
    /// <remarks>
    /// Adds a column Vector&lt;Text&gt; [I·M] for I captioners and M frames, captioner-major, with the slot names captioner/frame.
    /// </remarks>
    /// <param name="catalog">The transforms catalog.</param>
    /// <param name="outputColumnName">The column to add.</param>
    /// <param name="storePath">A folder in which finished captions are kept and found again; null = they are not kept.</param>
    /// <param name="captioners">The captioners; each names its column of frames (Vector&lt;Byte&gt; [M, S, S, 3]).</param>
    /// <exception cref="ArgumentException">There is no captioner, or two have one name.</exception>
    public static ImageCaptioner CaptionFrames(this TransformsCatalog catalog,
        string outputColumnName = ImageCaptionerOptions.DefaultOutputColumnName,
        string? storePath = null, params Captioner[] captioners) =>
        catalog.CaptionFrames(
            new ImageCaptionerOptions { OutputColumnName = outputColumnName, StorePath = storePath, Captioners = captioners });

    /// <inheritdoc cref="CaptionFrames(TransformsCatalog, string, string, Captioner[])" />
    /// <param name="catalog">The transforms catalog.</param>
    /// <param name="options">All options.</param>
    public static ImageCaptioner CaptionFrames(this TransformsCatalog catalog, ImageCaptionerOptions options) =>
        new(catalog.GetEnvironment(), options);
}
