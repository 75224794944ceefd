namespace VideoCaptionRetrieval.Models.Generation;

/// <summary>
/// A text decoder that runs one token at a time over a batch of images and keeps keys and values between the steps. Rows lie image by
/// image: row = place · rows per image + beam. It knows plain arrays only, so that any runtime can stand behind it. Not thread-safe;
/// whoever starts a decoder disposes it.
/// </summary>
internal interface IStepDecoder : IDisposable
{
    /// <summary>The number of images that the decoder was started with.</summary>
    int Images { get; }

    /// <summary>Length V of a row of logits.</summary>
    int VocabularySize { get; }

    /// <summary>Feeds the tokens that every text begins with, one row for each image.</summary>
    /// <param name="prompt">The start token and the prompt; empty only for decoders that begin from an embedded image.</param>
    /// <param name="logits">[Images, V], written: what follows the prompt.</param>
    void Start(ReadOnlySpan<int> prompt, Span<float> logits);

    /// <summary>Feeds one token for each row.</summary>
    /// <param name="tokens">[rows].</param>
    /// <param name="logits">[rows, V], written: what follows the tokens.</param>
    void Step(ReadOnlySpan<int> tokens, Span<float> logits);

    /// <summary>Chooses the rows that go on; images without a row are dropped.</summary>
    /// <param name="rows">
    /// [places · <paramref name="rowsPerImage"/>]: row r of the next step continues row rows[r] of the last one. The rows of a place
    /// continue rows of one image. An image keeps its place, or comes from behind the last place to fill that of a dropped image; so
    /// what belongs to an image moves only where there is a hole, and is never copied for a beam.
    /// </param>
    /// <param name="rowsPerImage">Rows for each image from now on.</param>
    void Reorder(ReadOnlySpan<int> rows, int rowsPerImage);
}
