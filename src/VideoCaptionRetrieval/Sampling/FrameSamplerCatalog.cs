using VideoCaptionRetrieval;
using VideoCaptionRetrieval.Interop;

namespace Microsoft.ML;

/// <summary>Adds <see cref="FrameSampler"/> to the catalog of transforms.</summary>
public static class FrameSamplerCatalog
{
    /// <summary>Reads frames of videos.</summary>
    /// <remarks>
    /// Adds, for each frame column: NAME (Vector&lt;Byte&gt; [N, S, S, 3], RGB), NAME.Times (Vector&lt;Double&gt; [N], seconds), and
    /// FrameError (Text). The columns VideoId (Text), ClipStart and ClipEnd (Single, seconds) are used where the input has them.
    /// </remarks>
    /// <param name="catalog">The transforms catalog.</param>
    /// <param name="inputColumnName">The column of file paths (Text).</param>
    /// <param name="columns">The columns of frames to add; one decoding of a video serves them all.</param>
    /// <exception cref="ArgumentException">There is no column, or two have one name.</exception>
    public static FrameSampler SampleFrames(this TransformsCatalog catalog, string inputColumnName, params FrameColumn[] columns) =>
        catalog.SampleFrames(new FrameSamplerOptions { InputColumnName = inputColumnName, Columns = columns });

    /// <inheritdoc cref="SampleFrames(TransformsCatalog, string, FrameColumn[])" />
    /// <param name="catalog">The transforms catalog.</param>
    /// <param name="options">All options.</param>
    public static FrameSampler SampleFrames(this TransformsCatalog catalog, FrameSamplerOptions options) =>
        new(catalog.GetEnvironment(), options);
}
