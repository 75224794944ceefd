namespace VideoCaptionRetrieval.Models;

/// <summary>Writes one caption for each image of a batch.</summary>
/// <remarks>
/// Implementations let exceptions pass. <see cref="Caption"/> may be called from several threads at once, unless the captioner
/// locks for itself; whoever creates a captioner disposes it.
/// </remarks>
public interface IImageCaptioner : IDisposable
{
    /// <summary>What a frame must look like: size, fit, crop rule.</summary>
    FrameFormat FrameFormat { get; }

    /// <summary>
    /// A text that changes whenever captions could change: weights and decoding settings. Stored captions are reused only under
    /// the identity that wrote them.
    /// </summary>
    string Identity { get; }

    /// <summary>Captions <paramref name="count"/> images.</summary>
    /// <param name="frames">[count, S, S, 3] bytes, RGB, row-major.</param>
    /// <param name="count">The number of images.</param>
    /// <param name="cancellationToken">Ends the work between two steps of the decoder.</param>
    /// <returns>One caption for each image, in order.</returns>
    IReadOnlyList<string> Caption(ReadOnlyMemory<byte> frames, int count, CancellationToken cancellationToken = default);
}
