using VideoCaptionRetrieval.Models;

namespace VideoCaptionRetrieval;

/// <summary>Gives a trainer frames of a video that differ from epoch to epoch.</summary>
/// <remarks>
/// Implementations are thread-safe and let exceptions pass. Equal arguments give equal frames, in every process and on every machine.
/// </remarks>
internal interface IFrameSource
{
    /// <summary>What the frames look like: size, fit, crop rule.</summary>
    FrameFormat Format { get; }

    /// <summary>Reads one random frame from each of <paramref name="count"/> equal segments of the clip, in time order.</summary>
    /// <param name="clip">The clip.</param>
    /// <param name="count">The number of segments N, at least 1.</param>
    /// <param name="seed">The seed of the run.</param>
    /// <param name="epoch">The epoch, from 0; another epoch draws other frames.</param>
    /// <param name="frames">[N, S, S, 3] bytes, RGB, row-major, written.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="VideoReadException">The video cannot be read.</exception>
    void ReadTrainingFrames(VideoClip clip, int count, int seed, int epoch, Memory<byte> frames, CancellationToken cancellationToken);
}
