using VideoCaptionRetrieval;
using VideoCaptionRetrieval.Interop;

namespace Microsoft.ML;

/// <summary>Adds <see cref="ClipScoreFilter"/> to the catalog of transforms.</summary>
public static class ClipScoreFilterCatalog
{
    /// <summary>Keeps the best captions of each captioner by CLIPScore.</summary>
    /// <remarks>
    /// Adds the kept captions (Vector&lt;Text&gt; [I·K], captioner after captioner, best first), under the name of the column they
    /// come from, and beside it NAME.Scores (Vector&lt;Single&gt;) and NAME.Frames (Vector&lt;Int32&gt;).
    /// </remarks>
    /// <param name="catalog">The transforms catalog.</param>
    /// <param name="captionsColumnName">The column of captions (Vector&lt;Text&gt; [I·M], one for each frame, captioner-major).</param>
    /// <param name="framesColumnName">
    /// The column of the captioned frames (Vector&lt;Byte&gt; [M, S, S, 3]) in the checkpoint's frame format.
    /// </param>
    /// <param name="checkpointFolder">A CLIP checkpoint in Hugging Face layout.</param>
    /// <param name="keepPerCaptioner">The number of captions to keep of each captioner, K.</param>
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
