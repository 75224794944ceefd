using VideoCaptionRetrieval;
using VideoCaptionRetrieval.Interop;

namespace Microsoft.ML;

/// <summary>Adds <see cref="ClipScoreFilter"/> to the catalog of transforms.</summary>
public static class ClipScoreFilterCatalog
{
    /// <summary>Keeps the best captions of each captioner by CLIPScore.</summary>
    /// <remarks>
    /// Adds the captions that are kept (Vector&lt;Text&gt; [I·K], captioner after captioner, best first), under the name of the column they
    /// come from, and beside it NAME.Scores (Vector&lt;Single&gt;), NAME.Frames (Vector&lt;Int32&gt;) and NAME.Weights
    /// (Vector&lt;Single&gt;).
    /// </remarks>
    /// <param name="catalog">The transforms catalog.</param>
    /// <param name="captionsColumnName">The column of captions (Vector&lt;Text&gt; [I·M], one for each frame, captioner-major).</param>
    /// <param name="framesColumnName">
    /// The column of the captioned frames (Vector&lt;Byte&gt; [M, S, S, 3]), in the checkpoint's size.
    /// </param>
    /// <param name="checkpointFolder">A CLIP checkpoint in Hugging Face layout.</param>
    /// <param name="keepPerCaptioner">How many captions of each captioner are kept, K.</param>
    public static ClipScoreFilter FilterCaptionsByClipScore(this TransformsCatalog catalog, string captionsColumnName,
        string framesColumnName, string checkpointFolder, int keepPerCaptioner = ClipScoreFilterOptions.DefaultKeepPerCaptioner) =>
        catalog.FilterCaptionsByClipScore(new ClipScoreFilterOptions
        {
            CaptionsColumnName = captionsColumnName,
            FramesColumnName = framesColumnName,
            CheckpointFolder = checkpointFolder,
            KeepPerCaptioner = keepPerCaptioner,
        });

    /// <inheritdoc cref="FilterCaptionsByClipScore(TransformsCatalog, string, string, string, int)" />
    /// <param name="catalog">The transforms catalog.</param>
    /// <param name="options">All options.</param>
    public static ClipScoreFilter FilterCaptionsByClipScore(this TransformsCatalog catalog, ClipScoreFilterOptions options) =>
        new(catalog.GetEnvironment(), options);
}
