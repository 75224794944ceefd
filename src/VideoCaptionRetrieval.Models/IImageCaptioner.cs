namespace VideoCaptionRetrieval.Models;

/// <summary>Writes one caption for each image of a batch.</summary>
/// <remarks>
/// Implementations let exceptions pass. <see cref="Caption"/> may be called from several threads at once. The caller owns and disposes a
/// captioner that it creates.
/// </remarks>
public interface IImageCaptioner : IDisposable
{
    /// <summary>Size, fit and crop rule of the frames it takes.</summary>
    FrameFormat FrameFormat { get; }

    /// <summary>
    /// Identifies weights and decoding settings: changes whenever captions could change. Stored captions are reused only under the identity that
    /// wrote them.
    /// </summary>
    string Identity { get; }

    /// <summary>Captions <paramref name="count"/> images.</summary>
    /// <param name="frames">[count, S, S, 3] bytes, RGB, row-major.</param>
    /// <param name="count">The number of images.</param>
    /// <param name="cancellationToken">Cancels between two steps of the decoder.</param>
    /// <returns>One caption for each image, in order.</returns>
    IReadOnlyList<string> Caption(ReadOnlyMemory<byte> frames, int count, CancellationToken cancellationToken = default);
}
