namespace VideoCaptionRetrieval.Models.Generation;

/// <summary>
/// Decodes texts one token at a time for a batch of images, keeping keys and values between steps. The active images occupy slots, and rows
/// are ordered by slot: row = slot · rows per image + beam. Works on plain arrays only, so that any runtime can implement it. Not thread-safe.
/// The caller owns and disposes it.
/// </summary>
public interface IStepDecoder : IDisposable
{
    /// <summary>Number of images that the decoder was created for.</summary>
    int Images { get; }

    /// <summary>Length V of a row of logits.</summary>
    int VocabularySize { get; }

    /// <summary>Runs the prompt, one row for each image.</summary>
    /// <param name="prompt">The start token and the prompt; empty only for decoders that start from an embedded image.</param>
    /// <param name="logits">[Images, V], written: scores of the first token behind the prompt.</param>
    void Start(ReadOnlySpan<int> prompt, Span<float> logits);

    /// <summary>Runs one token for each row.</summary>
    /// <param name="tokens">[rows].</param>
    /// <param name="logits">[rows, V], written: scores of the next token.</param>
    [System.Diagnostics.CodeAnalysis.SuppressMessage("Naming", "CA1716", Justification = "The field's word for one token more.")]
    void Step(ReadOnlySpan<int> tokens, Span<float> logits);

    /// <summary>Keeps the given rows, in the given order; images without a row are dropped.</summary>
    /// <param name="rows">
    /// [slots · <paramref name="rowsPerImage"/>]: row r of the next step continues row rows[r] of the last one. The rows of a slot
    /// continue rows of one image. An image keeps its slot, or moves from behind the last slot into that of a dropped image; so its data moves
    /// only to fill a gap, and is never copied for a beam.
    /// </param>
    /// <param name="rowsPerImage">Rows for each image from the next step on.</param>
    void Reorder(ReadOnlySpan<int> rows, int rowsPerImage);
}
